//! Restricted values are sealed by the service. By the id of the key that sealed a value, the service
//! finds which keys it still needs, and what a rotation has not reached; by a keyed hash, a number of a
//! person is found again.

step! {
    up: [
        "alter table person_identifier add column value_hash text",
        "create index ix_person_identifier_value_hash on person_identifier (value_hash)",
    ],
    down: [
        "drop index ix_person_identifier_value_hash",
        "alter table person_identifier drop column value_hash",
    ],
    sqlite: {
        up: [
            "create index ix_concern_report_reporter_name_key on concern_report ((case when substr(reporter_name, 1, 3) = 'v1.' and instr(substr(reporter_name, 4), '.') > 0 then substr(reporter_name, 4, instr(substr(reporter_name, 4), '.') - 1) else '' end)) where reporter_name is not null",
            "create index ix_concern_report_reporter_contact_key on concern_report ((case when substr(reporter_contact, 1, 3) = 'v1.' and instr(substr(reporter_contact, 4), '.') > 0 then substr(reporter_contact, 4, instr(substr(reporter_contact, 4), '.') - 1) else '' end)) where reporter_contact is not null",
            "create index ix_family_protected_address_key on family ((case when substr(protected_address, 1, 3) = 'v1.' and instr(substr(protected_address, 4), '.') > 0 then substr(protected_address, 4, instr(substr(protected_address, 4), '.') - 1) else '' end)) where protected_address is not null",
            "create index ix_centre_protected_address_key on centre ((case when substr(protected_address, 1, 3) = 'v1.' and instr(substr(protected_address, 4), '.') > 0 then substr(protected_address, 4, instr(substr(protected_address, 4), '.') - 1) else '' end)) where protected_address is not null",
            "create index ix_person_identifier_value_key on person_identifier ((case when substr(value, 1, 3) = 'v1.' and instr(substr(value, 4), '.') > 0 then substr(value, 4, instr(substr(value, 4), '.') - 1) else '' end)) where value is not null",
        ],
        down: [
            "drop index ix_concern_report_reporter_name_key",
            "drop index ix_concern_report_reporter_contact_key",
            "drop index ix_family_protected_address_key",
            "drop index ix_centre_protected_address_key",
            "drop index ix_person_identifier_value_key",
        ],
    },
    postgres: {
        up: [
            "create index ix_concern_report_reporter_name_key on concern_report ((case when reporter_name like 'v1.%.%' then split_part(reporter_name, '.', 2) else '' end)) where reporter_name is not null",
            "create index ix_concern_report_reporter_contact_key on concern_report ((case when reporter_contact like 'v1.%.%' then split_part(reporter_contact, '.', 2) else '' end)) where reporter_contact is not null",
            "create index ix_family_protected_address_key on family ((case when protected_address like 'v1.%.%' then split_part(protected_address, '.', 2) else '' end)) where protected_address is not null",
            "create index ix_centre_protected_address_key on centre ((case when protected_address like 'v1.%.%' then split_part(protected_address, '.', 2) else '' end)) where protected_address is not null",
            "create index ix_person_identifier_value_key on person_identifier ((case when value like 'v1.%.%' then split_part(value, '.', 2) else '' end)) where value is not null",
        ],
        down: [
            "drop index ix_concern_report_reporter_name_key",
            "drop index ix_concern_report_reporter_contact_key",
            "drop index ix_family_protected_address_key",
            "drop index ix_centre_protected_address_key",
            "drop index ix_person_identifier_value_key",
        ],
    },
}
