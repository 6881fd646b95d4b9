//! A verifier with our own issuer and a foreign one, and the keys of both.

use hearth::access::token::{Refusal, Verifier};
use jsonwebtoken::Algorithm;

use super::mint::{Mint, foreign_issuer, inline, own_issuer};

pub struct Case {
    pub p256: Mint,
    pub ed25519: Mint,
    pub rs256: Mint,
    pub ps256: Mint,
    pub verifier: Verifier,
}

impl Case {
    #[expect(clippy::similar_names, reason = "P-256 and PS256 are called what they are called")]
    pub async fn open() -> Self {
        let (p256, ed25519) = (Mint::p256(), Mint::ed25519());
        let (rs256, ps256) = (Mint::rsa(Algorithm::RS256), Mint::rsa(Algorithm::PS256));
        // Our own issuer lists the RSA keys too: they must not count there.
        let own = own_issuer(inline(&[&p256, &ed25519, &rs256, &ps256]));
        let foreign = foreign_issuer(inline(&[&rs256, &ps256]));
        let verifier = Verifier::open(vec![own, foreign]).await.unwrap();
        Self { p256, ed25519, rs256, ps256, verifier }
    }

    pub async fn refuses(&self, name: &str, token: &str, expected: Refusal) {
        let answer = self.verifier.verify(token).await;
        assert_eq!(answer.map(drop), Err(expected), "{name}");
    }
}
