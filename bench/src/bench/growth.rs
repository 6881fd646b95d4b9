//! How Home grows with the database: databases of several sizes side by side, each with a server, and the same
//! question by a caseworker, by a coordinator of the whole region, and by a partner with ten families.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use tokio_postgres::Client;

use crate::database::{Database, Viewer, told, viewer};
use crate::http::Endpoint;
use crate::load::{self, Source};
use crate::operation::{Operation, Target};
use crate::servers::{Server, hearth, sign};
use crate::settings::Settings;
use crate::verify::Work;
use crate::{Failure, progress, usage};

/// Who asks, and what they are called in the table.
const VIEWERS: [(&str, &str, &str); 3] = [
    ("caseworker", "caseworker@hearth.example", "CASEWORKER"),
    ("coordinator of the region", "growth-coordinator@hearth.example", "AREA_COORDINATOR"),
    ("partner with ten families", "growth-partner@hearth.example", "NGO_WORKER"),
];

/// A coordinator of all areas, and a partner to whom ten families of the branch were referred.
const WORKERS: &str = "
    insert into organisation (id, kind, name, path, status, version, created_at, updated_at)
    values (md5('partner')::uuid, 'NGO', 'Ten Families', '/growth/', 'ACTIVE', 1, now(), now());
    insert into worker (id, subject, display_name, status, version, created_at, updated_at) values
        (md5('w1')::uuid, 'growth-coordinator@hearth.example', 'Coordinator', 'ACTIVE', 1, now(), now()),
        (md5('w2')::uuid, 'growth-partner@hearth.example', 'Partner', 'ACTIVE', 1, now(), now());
    insert into membership (id, worker_id, organisation_id, role, area_id, since)
    select md5('m1')::uuid, md5('w1')::uuid, m.organisation_id, 'AREA_COORDINATOR',
        (select id from area where parent_id is null order by path limit 1), now() - interval '1 day'
    from membership m where m.role = 'AREA_COORDINATOR' limit 1;
    insert into membership (id, worker_id, organisation_id, role, since)
    values (md5('m2')::uuid, md5('w2')::uuid, md5('partner')::uuid, 'NGO_WORKER', now() - interval '1 day');
    insert into access_grant (id, organisation_id, family_id, level, shown, basis, source_id, since, created_at)
    select md5('g' || id)::uuid, md5('partner')::uuid, id, 2, 63, 'REFERRAL', id, now() - interval '1 day', now()
    from family where reference like 'G-%' order by md5(reference) limit 10;
    vacuum (analyze) access_grant";

struct Place {
    families: u32,
    database: Database,
    server: Server,
}

/// Fills the databases and measures; the table as Markdown.
pub async fn measure(settings: &Settings) -> Result<String, Failure> {
    let mut places = Vec::new();
    for families in &settings.growth {
        progress(&format!("a database of {families} families"));
        let name = format!("bench_{families}");
        let database = Database::fill(settings, &name, *families).await?;
        add_workers(&database.client).await?;
        let server = hearth(settings, &database).await?;
        places.push(Place { families: *families, database, server });
    }
    let mut table = head(settings, &places)?;
    for (title, subject, role) in VIEWERS {
        let mut sources = Vec::new();
        for place in &places {
            let viewer = viewer(&place.database.client, subject, role).await?;
            sources.push(source(settings, place, &viewer).await?);
        }
        let growth = rounds(settings, &sources).await?;
        let growth = growth.iter().map(|ratio| format!(" {ratio:.2} |"));
        writeln!(table, "| {title} |{}", growth.collect::<String>())?;
    }
    for place in &places {
        writeln!(
            table,
            "\n{} families: ready after {:.0} ms; {:.0} MiB resident after the load.",
            place.families,
            place.server.ready_after.as_secs_f64() * 1000.0,
            f64::from(u32::try_from(usage::memory(place.server.pid)).unwrap_or(u32::MAX)) / 1024.0
        )?;
    }
    Ok(table)
}

async fn add_workers(client: &Client) -> Result<(), Failure> {
    for statement in WORKERS.split(";\n") {
        client.batch_execute(statement).await.map_err(told("add the viewers"))?;
    }
    Ok(())
}

fn head(settings: &Settings, places: &[Place]) -> Result<String, Failure> {
    let mut text = "# How Home grows\n\n".to_owned();
    writeln!(
        text,
        "Median latency as a multiple of that of the smallest database; medians of {} rounds of {} s, one request at \
         a time.\n",
        settings.rounds, settings.seconds
    )?;
    let sizes = places.iter().map(|place| format!(" {} families |", place.families));
    writeln!(text, "| Viewer |{}", sizes.collect::<String>())?;
    writeln!(text, "|---|{}", "---:|".repeat(places.len()))?;
    Ok(text)
}

async fn source(
    settings: &Settings,
    place: &Place,
    viewer: &Viewer,
) -> Result<Arc<Source>, Failure> {
    let documents = Operation::Home.documents(&settings.folder)?;
    let work = Work::first_page(Operation::Home, documents, &place.database).await?;
    let bearer = format!("Bearer {}", sign(settings, viewer, "").await?);
    let endpoint = Endpoint::new(place.server.port, "/graphql", &[("authorization", &bearer)])?;
    let next = AtomicUsize::new(0);
    Ok(Arc::new(Source { work: Arc::new(work), target: Target::Trusted, endpoint, next }))
}

/// How many times the first one's median latency that of each is: the median of the rounds, in which they take turns.
async fn rounds(settings: &Settings, sources: &[Arc<Source>]) -> Result<Vec<f64>, Failure> {
    let mut medians = vec![Vec::new(); sources.len()];
    for source in sources {
        load::run(source, 1, settings.round()).await?;
    }
    for no in 0..settings.rounds as usize {
        for place in 0..sources.len() {
            let at = (place + no) % sources.len();
            let load = load::run(&sources[at], 1, settings.round()).await?;
            if let Some(error) = load.error {
                return Err(error.into());
            }
            medians[at].push(load.percentile(0.5));
        }
    }
    let told: Vec<String> = medians.iter().map(|all| format!("{all:.2?}")).collect();
    progress(&told.join(" "));
    let Some(first) = medians.first() else { return Ok(Vec::new()) };
    let ratios = |all: &Vec<f64>| all.iter().zip(first).map(|(one, first)| one / first).collect();
    Ok(medians.iter().map(ratios).map(median).collect())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
