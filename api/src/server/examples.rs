//! What the explorer offers to each role: a sentence on what it sees, and queries that answer for it.
//! The queries are files in `documents/`, trusted documents too: the first line is the title, a line may hold variables.
//! In variables a bare prefix, `"family_"`, is replaced by the page with the first such id it saw last.

use super::explorer::{Example, Role};

/// Every role with its examples; `token` gives a role's token, or `None` where people bring their own.
pub fn roles(token: impl Fn(&str) -> Option<String>) -> Vec<Role> {
    OFFERS
        .iter()
        .map(|offer| Role {
            name: offer.role,
            label: offer.label,
            about: offer.about,
            token: token(offer.role),
            examples: offer.examples.iter().map(|text| example(text)).collect(),
        })
        .collect()
}

fn example(text: &'static str) -> Example {
    let title = text.lines().next().unwrap_or_default();
    let (variables, query): (Vec<_>, Vec<_>) =
        text.lines().partition(|line| line.starts_with(VARIABLES));
    Example {
        title: title.trim_start_matches("# "),
        query: query.join("\n"),
        variables: variables
            .first()
            .and_then(|line| serde_json::from_str(line.trim_start_matches(VARIABLES)).ok())
            .unwrap_or_default(),
    }
}

const VARIABLES: &str = "# variables: ";

/// The trusted documents that are built in, by file name.
pub const TRUSTED: &[(&str, &str)] = &[
    ("families", FAMILIES),
    ("shared-families", SHARED_FAMILIES),
    ("family-file", FAMILY_FILE),
    ("children", CHILDREN),
    ("cases", CASES),
    ("vacancies", VACANCIES),
    ("centres", CENTRES),
    ("placements", PLACEMENTS),
    ("programmes", PROGRAMMES),
    ("concern-reports", CONCERN_REPORTS),
    ("tasks", TASKS),
    ("record-visit", RECORD_VISIT),
    ("viewer", VIEWER),
    ("catalogue", CATALOGUE),
];

struct Offer {
    role: &'static str,
    label: &'static str,
    about: &'static str,
    examples: &'static [&'static str],
}

const OFFERS: &[Offer] = &[
    Offer {
        role: "caseworker",
        label: "Caseworker",
        about: "Sees the families in the care of their own organisation, and works on their cases.",
        examples: &[FAMILIES, FAMILY_FILE, TASKS, CHILDREN, CASES, VACANCIES, VIEWER],
    },
    Offer {
        role: "caseworker_other",
        label: "Caseworker, another authority",
        about: "Has the same rights in another authority, and sees none of the first one's families.",
        examples: &[FAMILIES, FAMILY_FILE, CHILDREN, VIEWER],
    },
    Offer {
        role: "supervisor",
        label: "Supervisor",
        about: "Sees what the organisation's caseworkers see, and approves, assigns and transfers.",
        examples: &[FAMILIES, CASES, TASKS, FAMILY_FILE, CONCERN_REPORTS, VIEWER],
    },
    Offer {
        role: "director",
        label: "Director of the regional centre",
        about: "Supervises the centre with all its branches, and publishes reports of the region.",
        examples: &[FAMILIES, CASES, TASKS, CENTRES, PROGRAMMES, VIEWER],
    },
    Offer {
        role: "coordinator",
        label: "Area coordinator",
        about: "Sees the families of their area and of those within it, and changes nothing.",
        examples: &[FAMILIES, CASES, CENTRES, VACANCIES, VIEWER],
    },
    Offer {
        role: "centre_staff",
        label: "Centre staff",
        about: "Sees the children placed in their own centre while they are there, and a summary of their families.",
        examples: &[PLACEMENTS, SHARED_FAMILIES, VACANCIES, VIEWER],
    },
    Offer {
        role: "ngo_worker",
        label: "NGO worker",
        about: "Sees the families referred to their NGO and accepted by it, as far as the referral allows.",
        examples: &[SHARED_FAMILIES, FAMILY_FILE, PROGRAMMES, VIEWER],
    },
    Offer {
        role: "integration",
        label: "Partner's system",
        about: "Is a partner's software, and sees the families referred to that partner and accepted.",
        examples: &[SHARED_FAMILIES, PROGRAMMES, VIEWER],
    },
    Offer {
        role: "reporter",
        label: "Reporter",
        about: "Reports a concern about a child, and sees only their own reports.",
        examples: &[CONCERN_REPORTS, VIEWER],
    },
    Offer {
        role: "analyst",
        label: "Analyst",
        about: "Sees figures with small numbers hidden, and no person.",
        examples: &[CATALOGUE, PROGRAMMES, CENTRES],
    },
    Offer {
        role: "auditor",
        label: "Auditor",
        about: "Sees the trail of who read and changed what, and no case content.",
        examples: &[CATALOGUE],
    },
    Offer {
        role: "admin",
        label: "Administrator",
        about: "Sees organisations, workers, clients and codes, and no case content.",
        examples: &[CATALOGUE, CENTRES, PROGRAMMES],
    },
];

const FAMILIES: &str = include_str!("../../documents/families.graphql");
const SHARED_FAMILIES: &str = include_str!("../../documents/shared-families.graphql");
const FAMILY_FILE: &str = include_str!("../../documents/family-file.graphql");
const CHILDREN: &str = include_str!("../../documents/children.graphql");
const CASES: &str = include_str!("../../documents/cases.graphql");
const VACANCIES: &str = include_str!("../../documents/vacancies.graphql");
const CENTRES: &str = include_str!("../../documents/centres.graphql");
const PLACEMENTS: &str = include_str!("../../documents/placements.graphql");
const PROGRAMMES: &str = include_str!("../../documents/programmes.graphql");
const CONCERN_REPORTS: &str = include_str!("../../documents/concern-reports.graphql");
const TASKS: &str = include_str!("../../documents/tasks.graphql");
const RECORD_VISIT: &str = include_str!("../../documents/record-visit.graphql");
const VIEWER: &str = include_str!("../../documents/viewer.graphql");
const CATALOGUE: &str = include_str!("../../documents/catalogue.graphql");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_a_title_and_readable_variables() {
        for role in roles(|_| None) {
            assert!(!role.examples.is_empty(), "{}", role.name);
            for example in role.examples {
                assert!(!example.title.starts_with('#') && !example.title.is_empty());
                assert!(!example.query.contains(VARIABLES));
                let asks = example.query.contains("!)") || example.query.contains("!,");
                assert_eq!(asks, !example.variables.is_empty(), "{}", example.title);
            }
        }
    }
}
