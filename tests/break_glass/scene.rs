//! A family that one office leads, and another office whose people break the glass.

use entity::change::{self, ChangeKind};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::membership::Role;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Client, Stage};

/// By how many ways [`Scene::seen_by`] looks for the family.
pub const WAYS: usize = 9;

/// What asks for a family.
pub fn query_of(family: Uuid) -> String {
    format!("{{ family(id: \"{}\") {{ label address }} }}", id("family", family))
}

pub const REASON: &str = "A child was found at the station at night.";

pub struct Scene<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    /// The office that leads the family, with its supervisor and a caseworker.
    pub office: Branch,
    pub lead_boss: Person,
    pub lead_worker: Person,
    pub home: Household,
    /// Another family that it leads.
    pub other: Household,
    /// The office whose workers see neither, with a family of its own.
    pub ours: Branch,
    pub own: Household,
    pub worker: Person,
    pub colleague: Person,
    pub boss: Person,
    report: Uuid,
    service_type: Uuid,
}

/// A mutation, its input, and the place at which it is refused.
type Write = (&'static str, Value, &'static str);

impl<'s> Scene<'s> {
    pub async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let ours = stage.organisation("Ours", None).await;
        let home = stage.household(&office, &area, "X").await;
        stage.episode(&home).await;
        stage.identifier(home.child, "passport", "Secret 77").await;
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let mut report = stage.report_row(&office, &area, status, urgency, Some(home.id));
        let report_id = report.id.clone().unwrap();
        let column = entity::concern_report::Column::ReporterName;
        report.reporter_name = Set(Some(stage.seal(column, report_id, "Secret Anna")));
        report.is_anonymous = Set(false);
        stage.put(report).await;
        Self {
            stage,
            lead_boss: stage.worker(&office, Role::Supervisor).await,
            lead_worker: stage.worker(&office, Role::Caseworker).await,
            other: stage.household(&office, &area, "Y").await,
            own: stage.household(&ours, &area, "Z").await,
            worker: stage.worker(&ours, Role::Caseworker).await,
            colleague: stage.worker(&ours, Role::Caseworker).await,
            boss: stage.worker(&ours, Role::Supervisor).await,
            service_type: stage.service_type("S", true).await,
            report: report_id,
            area,
            office,
            home,
            ours,
        }
    }

    pub fn family(&self) -> String {
        id("family", self.home.id)
    }

    pub async fn open(&self, by: &Person, subject: String, more: Value) -> Answer {
        let mut input = json!({ "subjectId": subject, "reason": REASON });
        for (field, value) in more.as_object().unwrap() {
            input[field] = value.clone();
        }
        let select = "breakGlass { id level subjectId isInForce until family { id } }";
        self.stage.as_(by).mutate("accessBreakGlass", input, select).await
    }

    pub fn family_query(&self) -> String {
        query_of(self.home.id)
    }

    pub fn restricted_query(&self) -> String {
        format!(
            "{{ family(id: \"{}\") {{ address protectedAddress redactedFields
                 concernReports {{ narrative reporterName }} }}
               node(id: \"{}\") {{ ... on Person {{ identifiers {{ value }} }} }} }}",
            self.family(),
            id("person", self.home.child),
        )
    }

    /// By how many ways something of the family is found: nodes, roots, lists and the search.
    pub async fn seen_by(&self, client: &Client<'_>) -> usize {
        let query = format!(
            "{{ family: node(id: \"{}\") {{ id }} child: node(id: \"{}\") {{ id }}
                case: node(id: \"{}\") {{ id }} report: node(id: \"{}\") {{ id }}
                families {{ nodes {{ id }} }} children {{ nodes {{ id }} }}
                cases {{ nodes {{ id }} }} concernReports {{ nodes {{ id }} }}
                personSearch(input: {{ text: \"FamilyX\" }}) {{ nodes {{ person {{ id }} }} }} }}",
            self.family(),
            id("person", self.home.child),
            id("case", self.home.case),
            id("report", self.report),
        );
        let answer = client.query(&query).await;
        let data = answer.data("");
        let is_theirs = |part: &Value| {
            let text = part.to_string();
            [self.home.id, self.home.child, self.home.case, self.report]
                .iter()
                .any(|row| text.contains(&row.simple().to_string()))
        };
        data.as_object().unwrap().values().filter(|part| is_theirs(part)).count()
    }

    /// What the feed tells of access to a row, and of whose.
    pub async fn told(&self, row: Uuid) -> Vec<(ChangeKind, Option<Uuid>)> {
        let lines = change::Entity::find()
            .filter(change::Column::EntityId.eq(row))
            .filter(change::Column::Kind.ne(ChangeKind::Upserted))
            .order_by_asc(change::Column::Seq)
            .all(&self.stage.database.reader)
            .await
            .unwrap();
        lines.iter().map(|line| (line.kind, line.worker_id)).collect()
    }

    /// The rows that say what may be done with them.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Family", self.family()),
            ("Person", id("person", self.home.child)),
            ("Case", id("case", self.home.case)),
            ("ConcernReport", id("report", self.report)),
        ]
    }

    /// What would write into the file.
    #[expect(clippy::too_many_lines, reason = "one entry a mutation")]
    pub fn writes(&self) -> Vec<Write> {
        let (family, case) = (self.family(), id("case", self.home.case));
        let child = id("child", self.home.child);
        let today = self.stage.today();
        vec![
            (
                "familyUpdate",
                json!({ "id": family, "expectedVersion": 1, "label": "Q" }),
                "input.id",
            ),
            (
                "personUpdate",
                json!({ "id": child, "expectedVersion": 1, "phone": "1" }),
                "input.id",
            ),
            (
                "familyMemberAdd",
                json!({ "familyId": id("family", self.own.id), "personId": child,
                    "membership": { "role": "CHILD", "since": "2025-06-01" } }),
                "input.personId",
            ),
            (
                "serviceRecord",
                json!({ "familyId": family, "serviceTypeId": id("servicetype", self.service_type),
                    "personIds": [child], "deliveredOn": today }),
                "input.familyId",
            ),
            (
                "visitRecord",
                json!({ "caseId": case, "purpose": "MONITORING", "outcome": "COMPLETED",
                    "visitedAt": self.stage.now(), "note": "So." }),
                "input.caseId",
            ),
            (
                "visitSchedule",
                json!({ "caseId": case, "purpose": "MONITORING", "scheduledFor": today }),
                "input.caseId",
            ),
            (
                "concernReportTriage",
                json!({ "id": id("report", self.report), "urgency": "ROUTINE" }),
                "input.id",
            ),
            (
                "concernReportSubmit",
                json!({ "channel": "WEB", "source": "CITIZEN", "areaId": id("area", self.area.id),
                    "familyId": family, "narrative": "So.", "categories": ["NEGLECT"],
                    "isAnonymous": true, "organisationId": id("organisation", self.ours.id) }),
                "input.familyId",
            ),
        ]
    }
}
