//! What still runs of a family refuses the closure of its case: when it is asked for, and again when
//! it is decided.

mod scene;

use entity::case::CaseStatus;
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use entity::enrolment::EnrolmentStatus;
use entity::family_member::{self, MemberRole};
use entity::placement::{self, PlacementStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Iterable, QueryFilter};
use serde_json::Value;

use crate::harness::run;
use crate::harness::world::START;
use scene::{Runs, Scene, assert_asked, assert_refused};

#[test]
fn an_enrolment_that_runs_refuses_a_closure_unless_the_family_moved() {
    use EnrolmentStatus::{Enrolled, InProgress, Offered, Suspended};
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for status in EnrolmentStatus::iter() {
            let is_running = matches!(status, Offered | Enrolled | InProgress | Suspended);
            let refuses = is_running.then_some(Runs::Enrolment);
            let told = format!("{status:?}");
            let home = scene.home().await;
            scene.enrol(home.id, None, status).await;
            assert_asked(&scene.ask(&home, "OVERCAME").await, refuses, &told);

            // In the case, of a family where a parent lives now.
            let (home, other) = (scene.home().await, scene.home().await);
            scene.enrol(other.id, Some(home.case), status).await;
            assert_asked(&scene.ask(&home, "OVERCAME").await, refuses, &told);

            let home = scene.home().await;
            scene.enrol(home.id, Some(home.case), status).await;
            assert_asked(&scene.ask(&home, "MOVED").await, None, &told);
            let closed = scene.decide(&home, true).await;
            assert_eq!(closed.done("/case/status"), "CLOSED", "{told}");
            assert_eq!(closed.done("/case/episodes/0/closureClass"), "MOVED");
        }
    });
}

#[test]
fn what_runs_of_another_family_refuses_nothing() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (home, other) = (scene.home().await, scene.home().await);
        for runs in Runs::ALL {
            scene.begin(runs, &other).await;
        }
        assert_asked(&scene.ask(&home, "OVERCAME").await, None, "another family's");
    });
}

#[test]
fn an_open_placement_refuses_a_closure_whatever_its_outcome() {
    use PlacementStatus::{Admitted, Approved, OnLeave, Requested, Reserved, Waitlisted};
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for status in PlacementStatus::iter() {
            let is_open =
                matches!(status, Requested | Approved | Waitlisted | Reserved | Admitted | OnLeave);
            let refuses = is_open.then_some(Runs::Placement);
            for outcome in ["OVERCAME", "MOVED"] {
                let home = scene.home().await;
                stage.put(scene.stay(&home, status)).await;
                let asked = scene.ask(&home, outcome).await;
                assert_asked(&asked, refuses, &format!("{status:?}, {outcome}"));
            }
            // One that names no case, nor the family: the child's.
            let home = scene.home().await;
            stage.put(scene.lone_stay(&home, status)).await;
            let asked = scene.ask(&home, "OVERCAME").await;
            assert_asked(&asked, refuses, &format!("{status:?}, the child's"));
        }
    });
}

#[test]
fn a_placement_is_the_familys_by_its_case_by_its_name_or_by_the_child() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let other = scene.home().await;
        for (by, names_case, names_family) in
            [("its case", true, false), ("its name", false, true), ("nothing", false, false)]
        {
            let home = scene.home().await;
            // Of somebody who is no member of this family.
            let stranger = stage.member(other.id, MemberRole::Child, "Y", START).await;
            let row = placement::ActiveModel {
                person_id: Set(stranger),
                case_id: Set(names_case.then_some(home.case)),
                family_id: Set(names_family.then_some(home.id)),
                ..scene.lone_stay(&home, PlacementStatus::Admitted)
            };
            stage.put(row).await;
            let refuses = (names_case || names_family).then_some(Runs::Placement);
            assert_asked(&scene.ask(&home, "OVERCAME").await, refuses, by);
        }
    });
}

/// What becomes of the membership of a child, or of its placement.
#[derive(Clone, Copy, Debug)]
enum Twist {
    None,
    LeavesTomorrow,
    LeftToday,
    MembershipVoided,
    PlacementVoided,
}

#[test]
fn a_child_who_left_the_family_no_longer_counts_and_what_was_voided_never_did() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for (twist, counts) in [
            (Twist::None, true),
            (Twist::LeavesTomorrow, true),
            (Twist::LeftToday, false),
            (Twist::MembershipVoided, false),
            (Twist::PlacementVoided, false),
        ] {
            let home = scene.home().await;
            let voided_at = matches!(twist, Twist::PlacementVoided).then(|| stage.now());
            let row = placement::ActiveModel {
                voided_at: Set(voided_at),
                ..scene.lone_stay(&home, PlacementStatus::Admitted)
            };
            stage.put(row).await;
            let members = family_member::Entity::update_many();
            let today = stage.today();
            let changed = match twist {
                Twist::None | Twist::PlacementVoided => None,
                Twist::LeavesTomorrow => Some(
                    members.col_expr(family_member::Column::Until, Expr::val(today.succ_opt())),
                ),
                Twist::LeftToday => {
                    Some(members.col_expr(family_member::Column::Until, Expr::val(today)))
                }
                Twist::MembershipVoided => {
                    Some(members.col_expr(family_member::Column::VoidedAt, Expr::val(stage.now())))
                }
            };
            if let Some(changed) = changed {
                let of_child = changed.filter(family_member::Column::PersonId.eq(home.child));
                of_child.exec(&stage.database.writer).await.unwrap();
            }
            let refuses = counts.then_some(Runs::Placement);
            assert_asked(&scene.ask(&home, "OVERCAME").await, refuses, &format!("{twist:?}"));
        }
    });
}

#[test]
fn an_open_immediate_report_refuses_a_closure_and_a_slower_one_does_not() {
    use ConcernStatus::{Received, Triaged, Verifying};
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for status in ConcernStatus::iter() {
            for urgency in ConcernUrgency::iter() {
                let is_open = matches!(status, Received | Triaged | Verifying);
                let refuses = is_open && urgency == ConcernUrgency::Immediate;
                let home = scene.home().await;
                scene.report(&home, status, urgency).await;
                let asked = scene.ask(&home, "OVERCAME").await;
                let told = format!("{status:?}, {urgency:?}");
                assert_asked(&asked, refuses.then_some(Runs::Report), &told);
            }
        }
        let home = scene.home().await;
        scene.report(&home, Received, ConcernUrgency::Immediate).await;
        concern_report::Entity::update_many()
            .col_expr(concern_report::Column::VoidedAt, Expr::val(stage.now()))
            .filter(concern_report::Column::FamilyId.eq(home.id))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        assert_asked(&scene.ask(&home, "OVERCAME").await, None, "voided");
    });
}

#[test]
fn everything_that_runs_is_told_at_once_and_nothing_is_left_of_the_request() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let home = scene.home().await;
        for runs in Runs::ALL {
            scene.begin(runs, &home).await;
        }
        let before = (scene.standing(&home).await, scene.ledger().await);
        assert_refused(&scene.ask(&home, "OVERCAME").await, &Runs::ALL, "all of it");
        let moved = [Runs::Placement, Runs::Report];
        assert_refused(&scene.ask(&home, "MOVED").await, &moved, "moved away");
        assert_eq!((scene.standing(&home).await, scene.ledger().await), before);
        scene.end_everything().await;
        assert_asked(&scene.ask(&home, "OVERCAME").await, None, "when all is over");
    });
}

#[test]
fn what_began_after_the_request_refuses_its_approval() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for runs in Runs::ALL {
            let told = format!("{runs:?}");
            let home = scene.home().await;
            assert_asked(&scene.ask(&home, "OVERCAME").await, None, &told);
            scene.begin(runs, &home).await;
            let before = (scene.standing(&home).await, scene.ledger().await);
            assert_refused(&scene.decide(&home, true).await, &[runs], &told);
            let after = (scene.standing(&home).await, scene.ledger().await);
            assert_eq!(after, before, "{told}");
            let ((status, episode), _) = after;
            assert_eq!(status, CaseStatus::ClosureRequested, "{told}");
            assert_eq!((episode.closed_on, episode.approved_by_id), (None, None), "{told}");

            scene.end_everything().await;
            let closed = scene.decide(&home, true).await;
            assert_eq!(closed.done("/case/status"), "CLOSED", "{told}");
            let events = scene.ledger().await.0;
            assert_eq!(events, before.1.0 + 1, "{told}: an event for what was done");
        }
    });
}

#[test]
fn what_began_after_the_request_is_no_reason_to_keep_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let home = scene.home().await;
        assert_asked(&scene.ask(&home, "MOVED").await, None, "moved");
        for runs in Runs::ALL {
            scene.begin(runs, &home).await;
        }
        // By the outcome that was asked for, the enrolment may run.
        let refused = scene.decide(&home, true).await;
        assert_refused(&refused, &[Runs::Placement, Runs::Report], "moved away");
        let back = scene.decide(&home, false).await;
        assert_eq!(back.done("/case/status"), "PLANNING", "no plan is in force");
        assert_eq!(back.done("/case/episodes/0/closureClass"), &Value::Null);
    });
}
