//! What processes use, read from `/proc`.

use std::collections::HashMap;
use std::fs;

/// Ticks of a second in `/proc/<pid>/stat`: Linux tells programs 100 whatever the kernel's own rate is.
const TICKS: f64 = 100.0;

/// A process as `/proc` tells of it.
struct Process {
    parent: u32,
    /// Processor time of its own and of its ended children, in ticks.
    ticks: u64,
}

/// Processor time in seconds of a process and of all under it, those that have ended included.
pub fn seconds(root: u32) -> f64 {
    let all = processes();
    let ticks: u64 =
        tree(&all, root).iter().filter_map(|pid| all.get(pid)).map(|one| one.ticks).sum();
    #[expect(clippy::cast_precision_loss, reason = "ticks are far below 2^52")]
    let ticks = ticks as f64;
    ticks / TICKS
}

/// Resident memory in KiB of a process and of all under it.
pub fn memory(root: u32) -> u64 {
    let all = processes();
    tree(&all, root).iter().filter_map(|pid| resident(*pid)).sum()
}

fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn processes() -> HashMap<u32, Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return HashMap::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: u32| Some((pid, process(pid)?))).collect()
}

fn process(pid: u32) -> Option<Process> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads `pid (name) state ppid ...`; the name may hold spaces and brackets.
fn parse(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |no: usize| fields.get(no)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { parent: fields.get(1)?.parse().ok()?, ticks })
}

fn tree(all: &HashMap<u32, Process>, root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(all.iter().filter(|(_, one)| one.parent == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "7 (a) b) S 3 7 7 0 -1 4194304 1 2 3 4 100 20 5 6 20 0 1 0 1 2 3";
        let process = parse(stat).map(|process| (process.parent, process.ticks));
        assert_eq!(process, Some((3, 131)));
    }
}
