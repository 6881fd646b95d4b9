//! The results as Markdown: medians of the rounds, and ratios of rounds side by side.

use std::fmt::Write;

use crate::measure::{Cell, Round};
use crate::operation::{Operation, Target};
use crate::servers::Servers;
use crate::statements::Count;

/// All tables.
pub fn markdown(servers: &Servers<'_>, counts: &[Count], cells: &[Cell]) -> String {
    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = head(&mut text, servers)
        .and_then(|()| ratios(&mut text, cells))
        .and_then(|()| figures(&mut text, counts, cells))
        .and_then(|()| programs(&mut text, servers, cells));
    text
}

fn head(text: &mut String, servers: &Servers<'_>) -> std::fmt::Result {
    let settings = servers.settings;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    writeln!(text, "# Hearth, the limit of its database, and PostGraphile\n")?;
    writeln!(
        text,
        "{} families; {} rounds of {} s; pools of {} connections; PostgreSQL {}; {cores} cores for servers, \
         database and load together. Medians of alternated rounds. Only ratios travel to another machine.\n",
        settings.families,
        settings.rounds,
        settings.seconds,
        settings.pool_size,
        servers.database.version
    )
}

/// How Hearth stands to the others, by the median of the rounds' ratios.
fn ratios(text: &mut String, cells: &[Cell]) -> std::fmt::Result {
    writeln!(text, "## Ratios of throughput\n")?;
    writeln!(
        text,
        "| Operation | Concurrency | Hearth, trusted / limit | Hearth, free-form / limit \
         | Hearth, trusted / PostGraphile | Hearth, free-form / PostGraphile | PostGraphile / limit |"
    )?;
    writeln!(text, "|---|---:|---:|---:|---:|---:|---:|")?;
    for cell in cells.iter().filter(|cell| cell.target == Target::Limit) {
        let of = |target| find(cells, cell.operation, cell.concurrency, target);
        let ratio = |one, other| ratio(of(one), of(other));
        writeln!(
            text,
            "| {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            cell.operation.name(),
            cell.concurrency,
            ratio(Target::Trusted, Target::Limit),
            ratio(Target::FreeForm, Target::Limit),
            ratio(Target::Trusted, Target::PostGraphile),
            ratio(Target::FreeForm, Target::PostGraphile),
            ratio(Target::PostGraphile, Target::Limit),
        )?;
    }
    writeln!(text)
}

fn figures(text: &mut String, counts: &[Count], cells: &[Cell]) -> std::fmt::Result {
    writeln!(text, "## Figures\n")?;
    writeln!(
        text,
        "| Operation | Concurrency | Server | Requests/s | p50, ms | p99, ms | Server CPU, us/request \
         | Database CPU, us/request | Statements/request | Errors |"
    )?;
    writeln!(text, "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|")?;
    for cell in cells {
        let of = |what: fn(&Round) -> f64| median(cell.rounds.iter().map(what).collect());
        let mine =
            |count: &&Count| (count.operation, count.target) == (cell.operation, cell.target);
        writeln!(
            text,
            "| {} | {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} | {:.1} | {} |",
            cell.operation.name(),
            cell.concurrency,
            cell.target.title(),
            of(|round| round.rate),
            of(|round| round.p50),
            of(|round| round.p99),
            of(|round| round.server),
            of(|round| round.database),
            counts.iter().find(mine).map_or(f64::NAN, |count| count.statements),
            cell.rounds.iter().map(|round| round.errors).sum::<usize>(),
        )?;
    }
    writeln!(text)
}

fn programs(text: &mut String, servers: &Servers<'_>, cells: &[Cell]) -> std::fmt::Result {
    writeln!(text, "## Servers\n")?;
    writeln!(text, "| Server | Ready after, s | Most resident memory under load, MiB |")?;
    writeln!(text, "|---|---:|---:|")?;
    for target in [Target::Limit, Target::Trusted, Target::PostGraphile] {
        let server = servers.of(target);
        let own = cells.iter().filter(|cell| servers.of(cell.target).pid == server.pid);
        let most = own.flat_map(|cell| &cell.rounds).map(|round| round.memory).max();
        writeln!(
            text,
            "| {} | {:.2} | {} |",
            server.title,
            server.ready_after.as_secs_f64(),
            most.unwrap_or_default() / 1024
        )?;
    }
    Ok(())
}

fn find(cells: &[Cell], operation: Operation, concurrency: usize, target: Target) -> Option<&Cell> {
    let wanted = (operation, concurrency, target);
    cells.iter().find(|cell| (cell.operation, cell.concurrency, cell.target) == wanted)
}

fn ratio(one: Option<&Cell>, other: Option<&Cell>) -> f64 {
    let (Some(one), Some(other)) = (one, other) else { return f64::NAN };
    median(one.rounds.iter().zip(&other.rounds).map(|(one, other)| one.rate / other.rate).collect())
}

/// The median; of an even number, the mean of the two in the middle.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match (numbers.get(half), numbers.len() % 2) {
        (Some(upper), 0) => f64::midpoint(numbers[half - 1], *upper),
        (Some(middle), _) => *middle,
        (None, _) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_lies_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(Vec::new()).is_nan());
    }
}
