//! Creates the tables of the feature `area`: area.

step! {
    up: [
        "create table area (
            id uuid primary key,
            parent_id uuid references area (id),
            kind text not null,
            name text not null,
            path text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            unique (path)
        )",
        "create index ix_area_parent_id on area (parent_id)",
        "create index ix_area_kind_name on area (kind, name)",
    ],
    down: [
        "drop table area",
    ],
}
