//! Rows of every table, in an order in which they can be inserted.

use sea_orm::DbErr;

use super::insert::Store;

macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        /// Rows that are inserted together.
        #[derive(Debug, Default)]
        pub struct Rows {
            $(pub $table: Vec<entity::$table::Model>,)+
        }

        impl Rows {
            /// How many rows there are.
            pub fn count(&self) -> usize {
                [$(self.$table.len()),+].iter().sum()
            }

            /// Inserts all rows, those that others refer to first.
            pub async fn insert(self, store: &mut Store) -> Result<(), DbErr> {
                $(store.insert::<entity::$table::Entity>(self.$table).await?;)+
                Ok(())
            }
        }
    };
}

tables!(
    area,
    organisation,
    organisation_area,
    worker,
    api_client,
    register,
    service_type,
    centre,
    unit,
    capacity_period,
    programme,
    budget_line,
    programme_availability,
    eligibility_rule,
    programme_stage,
    intake,
    training_event,
    training_headcount,
    person,
    person_name,
    person_identifier,
    relationship,
    family,
    family_characteristic,
    family_member,
    decision,
    legal_status,
    register_entry,
    case,
    episode,
    assignment,
    concern_report,
    concern_category,
    assessment,
    plan,
    plan_sign_off,
    goal,
    measure,
    visit,
    visit_child,
    service,
    service_person,
    placement,
    absence,
    enrolment,
    enrolment_person,
    stage_event,
    consent,
    consent_recipient,
    referral,
    task,
    access_grant,
    membership,
);
