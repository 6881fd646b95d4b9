//! References as people write and say them: a letter and eight characters that follow from the
//! row's id, so that an app knows them offline. They say nothing about anybody.

use uuid::Uuid;

/// Crockford's digits: no letter that looks like a number.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The reference of a row, for example `F-7K3M-9QXA`.
pub fn of(letter: &str, id: Uuid) -> String {
    let (_, random) = id.as_u64_pair();
    let digit = |place: u64| {
        let index = usize::try_from((random >> (5 * place)) & 31).unwrap_or_default();
        char::from(DIGITS[index])
    };
    let digits: String = (0..8).rev().map(digit).collect();
    format!("{letter}-{}-{}", &digits[..4], &digits[4..])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    #[test]
    fn a_reference_follows_from_the_id() {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_00FF_FFFF_FFFF);
        assert_eq!(super::of("F", id), "F-ZZZZ-ZZZZ");
        assert_eq!(super::of("C", Uuid::nil()), "C-0000-0000");
    }
}
