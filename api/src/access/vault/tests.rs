use entity::secret::{Sealed, Secret};
use entity::{centre, family};
use uuid::Uuid;

use super::ring::{self, KeyError};
use super::{Place, Unopenable, Vault};
use crate::clock::Clock;

const OLD: &str = "old=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "new=//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA";

fn vault(keys: &str) -> Vault {
    Vault::of(Some(keys)).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn place(no: u128) -> Place {
    Place::of(family::Column::ProtectedAddress, Uuid::from_u128(no))
}

#[test]
fn a_value_opens_at_its_place_under_its_key_only() {
    let sealed = vault(OLD).seal(place(1), &secret("12 Reed Street")).unwrap();
    let both = vault(&format!("{NEW},{OLD}"));
    assert_eq!(both.open(place(1), &sealed), Ok(secret("12 Reed Street")));
    let elsewhere = Place::of(centre::Column::ProtectedAddress, Uuid::from_u128(1));
    for other in [place(2), elsewhere] {
        assert_eq!(both.open(other, &sealed), Err(Unopenable::Broken));
    }
    assert_eq!(vault(NEW).open(place(1), &sealed), Err(Unopenable::UnknownKey));
    let namesake = NEW.replace("new=", "old=");
    assert_eq!(vault(&namesake).open(place(1), &sealed), Err(Unopenable::Broken));
    let empty = vault(OLD).seal(place(1), &secret("")).unwrap();
    assert_eq!(both.open(place(1), &empty), Ok(secret("")));
}

#[test]
fn the_first_key_seals_and_no_two_sealed_values_are_the_same() {
    let vault = vault(&format!(" {NEW} , {OLD},"));
    let one = vault.seal(place(1), &secret("A")).unwrap();
    let other = vault.seal(place(1), &secret("A")).unwrap();
    assert_eq!(one.parts().unwrap().0, "new");
    assert!(one != other);
}

#[test]
fn each_changed_letter_is_found() {
    let vault = vault(OLD);
    let sealed = vault.seal(place(1), &secret("Hidden")).unwrap();
    let (key_id, body) = sealed.parts().unwrap();
    for at in 0..body.len() {
        let mut changed = body.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = Sealed::of(key_id, std::str::from_utf8(&changed).unwrap());
        assert_eq!(vault.open(place(1), &changed), Err(Unopenable::Broken), "{at}");
    }
    for body in ["", "A", "AAAA", "not base64!", &body[..body.len() - 4]] {
        assert_eq!(vault.open(place(1), &Sealed::of("old", body)), Err(Unopenable::Broken));
    }
    let open = Sealed::of("no id", "12 Reed Street");
    assert_eq!(vault.open(place(1), &open), Err(Unopenable::InTheOpen));
}

#[test]
fn a_number_has_one_hash_however_it_is_written_and_another_under_each_kind_and_key() {
    let both = vault(&format!("{NEW},{OLD}"));
    let hash = both.fingerprint("PASSPORT", &secret("ab-12 34"));
    for number in ["AB1234", " ab 1234 ", "a.b.1.2.3.4"] {
        assert!(both.fingerprint(" passport ", &secret(number)) == hash, "{number}");
    }
    for (kind, number) in [("PASSPORT", "AB1235"), ("SCHOOL", "AB1234"), ("PASSPORTA", "B1234")] {
        assert!(both.fingerprint(kind, &secret(number)) != hash, "{kind} {number}");
    }
    assert!(both.fingerprint("A", &secret("--")) != both.fingerprint("A", &secret("---")));
    let under = both.fingerprints("PASSPORT", &secret("AB1234"));
    assert!(under.len() == 2 && under[0] == hash && under[1] != hash);
    assert!(vault(OLD).fingerprint("PASSPORT", &secret("AB1234")) == under[1]);
}

#[test]
fn a_digest_is_kept_under_a_key_and_known_again_under_any() {
    let kept = vault(OLD).digest("digest");
    let both = vault(&format!("{NEW},{OLD}"));
    assert!(both.is_digest(&kept, "digest") && both.is_digest("digest", "digest"));
    assert!(!both.is_digest(&kept, "other") && !both.is_digest("", "digest"));
    assert!(!vault(NEW).is_digest(&kept, "digest") && !kept.contains("digest"));
}

#[test]
fn keys_that_cannot_be_used_say_what_to_do_and_tell_nothing() {
    let said = |keys: Option<&str>| Vault::of(keys).unwrap_err();
    assert_eq!(said(None), KeyError::Missing);
    assert_eq!(said(Some(" , ")), KeyError::Missing);
    let twice = format!("{OLD},{OLD}");
    let long = format!("{}={}", "a".repeat(33), &OLD[4..]);
    for (keys, error) in [
        ("Canary", KeyError::Form(1)),
        ("=Canary", KeyError::Form(1)),
        ("Can.ary=AAAA", KeyError::Form(1)),
        (&long, KeyError::Form(1)),
        ("a=Canary", KeyError::Length(1)),
        ("a=", KeyError::Length(1)),
        (&twice, KeyError::Twice(2)),
    ] {
        let found = said(Some(keys));
        assert_eq!(found, error);
        assert!(!found.to_string().contains("Canary") && !format!("{found:?}").contains("Canary"));
    }
    assert!(KeyError::Missing.to_string().contains("hearth keys new"));
}

#[test]
fn a_fresh_key_is_one_and_debug_tells_nothing_of_a_vault() {
    let now = Clock::system().now();
    let (one, other) = (ring::fresh(now).unwrap(), ring::fresh(now).unwrap());
    assert_ne!(one, other);
    assert_eq!(format!("{:?}", vault(&one)), "Vault");
    assert_eq!(format!("{:?}", ring::parse(&one).unwrap()), "[Key]");
    vault(&ring::of_demo());
}
