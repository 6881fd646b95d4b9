"""What Schemathesis has to be told of this server: which ids there are, how its own scalars look, and
which of its error codes blame the request."""

import json
import os
import re
import urllib.request
import zlib

import schemathesis
from hypothesis import strategies
from schemathesis.graphql import nodes

URL = os.environ["HEARTH_URL"]
TOKEN = os.environ["HEARTH_TOKEN"]

# Rows of the demo that the token sees, so that what is made up gets beyond the check of ids.
ROWS = """{
  families(first: 5) { nodes { id area { id } leadOrganisation { id } members { id person { id } }
    registerEntries { id register { id } decision { id } } concernReports { id }
    enrolments { id intake { id programme { id stages { id } } } } } }
  cases(first: 5) { nodes { id episodes { id } assignments { id worker { id } } assessments { id }
    plans { id goals { id } measures { id } } visits { id } services { id serviceType { id } } } }
  children(first: 5) { nodes { id } }
  placements(first: 5) { nodes { id } }
  centres(first: 5) { nodes { id units { id } } }
}"""


def ids():
    """The ids of these rows."""
    request = urllib.request.Request(
        URL,
        data=json.dumps({"query": ROWS}).encode(),
        headers={"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        told = json.load(answer)
    found = []

    def collect(value):
        if isinstance(value, dict):
            if "id" in value:
                found.append(value["id"])
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(told["data"])
    kinds = {id.split("_")[0] for id in found}
    assert len(kinds) > 15, f"the demo has rows of few kinds only: {kinds} {told.get('errors')}"
    nobody = [f"{kind}_{'0' * 32}" for kind in sorted(kinds)]
    return sorted(set(found)) + nobody


IDS = ids()
KINDS = {}
for one in IDS:
    KINDS.setdefault(one.split("_")[0], []).append(one)

# Kinds of ids that are called otherwise where they are given.
ALIASES = {
    "concernReport": "report", "duplicateOf": "report", "earlier": "assessment",
    "later": "assessment", "subject": "family", "other": "person", "responsible": "organisation",
    "provider": "organisation", "body": "organisation", "registerEntry": "entry",
    "moveDecision": "decision", "priorProgramme": "programme", "serviceType": "servicetype",
    "attendance": "enrolment", "owner": "worker", "leadOrganisation": "organisation",
}


def kind_of(field, operation):
    """What an id in a field names: by the field, or for `id` by the operation."""
    name = re.sub(r"Id(In|s)?$", "", field)
    if field == "id":
        known = [kind for kind in [*KINDS, *ALIASES] if operation.startswith(kind)]
        name = max(known, key=len, default="")
    return ALIASES.get(name, name)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Lets most ids be of the kind that is expected where they stand."""
    operation = case.operation.label.split(".")[-1]

    def of_kind(match):
        known = KINDS.get(kind_of(match[1], operation))
        chance = zlib.crc32(match[3].encode())
        return match[0] if not known else f'{match[1]}: {match[2]}"{known[chance % len(known)]}"'

    pattern = r'\b(\w*[iI]d(?:In|s)?): (\[?)"([a-z]+_[0-9a-f]{32})"'
    case.body = re.sub(pattern, of_kind, case.body)


dates = strategies.dates().map(str)
cents = strategies.integers(min_value=-(10**12), max_value=10**12)
schemathesis.graphql.scalar("ID", strategies.sampled_from(IDS).map(nodes.String))
schemathesis.graphql.scalar("Decimal", cents.map(lambda n: f"{n}.00").map(nodes.String))
schemathesis.graphql.scalar(
    "PartialDate", strategies.one_of(dates, dates.map(lambda day: day[:7])).map(nodes.String)
)

# Codes that tell the client what to change or when to come again, as the README lists them. The tool
# knows BAD_USER_INPUT of these, and takes any other at a field for a fault of the server;
# INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE and TIMEOUT stay what they are.
ABOUT_THE_REQUEST = ["CONFLICT_IN_PROGRESS", "FORBIDDEN", "INVALID_CURSOR", "THROTTLED"]


@schemathesis.hook
def after_call(context, case, response):
    for code in ABOUT_THE_REQUEST:
        response.content = response.content.replace(
            f'"code":"{code}"'.encode(), b'"code":"BAD_USER_INPUT"'
        )
