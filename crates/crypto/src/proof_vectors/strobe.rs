//! Merlin written from the words of CRY-8, by people who pretend to have no Merlin: Keccak-f[1600], the part of STROBE-128 that is
//! used, and the two operations of a transcript. Its challenges must be Merlin's.

use crate::{encoding::EncodedPoint, group::Scalar, transcript::Label};

/// The rate: 200 bytes less twice the 16 bytes of security, less 2 for STROBE's own padding.
const RATE: usize = 166;

/// The round constants, from the LFSR of FIPS 202 section 3.2.5.
fn round_constants() -> [u64; 24] {
    let mut register = 1u8;
    std::array::from_fn(|_| {
        (0..7).fold(0u64, |constant, power| {
            let bit = u64::from(register & 1);
            register = (register << 1) ^ if register >> 7 == 1 { 0x71 } else { 0 };
            constant | bit << ((1u32 << power) - 1)
        })
    })
}

/// Keccak-f[1600] (FIPS 202 section 3.3); lane (x, y) stands at x + 5 y.
fn keccak(state: &mut [u8; 200]) {
    let mut lanes: [u64; 25] = std::array::from_fn(|at| u64::from_le_bytes(state.as_chunks::<8>().0[at]));
    for constant in round_constants() {
        let parity: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ lanes[x + 5 * y]));
        for (at, lane) in lanes.iter_mut().enumerate() {
            *lane ^= parity[(at + 4) % 5] ^ parity[(at + 1) % 5].rotate_left(1);
        }
        let (mut x, mut y, mut moving) = (1, 0, lanes[1]);
        for step in 0..24u32 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            moving = std::mem::replace(&mut lanes[x + 5 * y], moving.rotate_left((step + 1) * (step + 2) / 2 % 64));
        }
        let rows = lanes;
        for (at, lane) in lanes.iter_mut().enumerate() {
            let row = at / 5 * 5;
            *lane = rows[at] ^ (!rows[row + (at + 1) % 5] & rows[row + (at + 2) % 5]);
        }
        lanes[0] ^= constant;
    }
    for (bytes, lane) in state.as_chunks_mut::<8>().0.iter_mut().zip(lanes) {
        *bytes = lane.to_le_bytes();
    }
}

/// A transcript, with everything of its state in the open.
#[derive(Clone)]
pub(crate) struct Strobe {
    pub(crate) state: [u8; 200],
    pub(crate) position: usize,
    pub(crate) begin: u8,
}

impl Strobe {
    /// The state before anything of ours: STROBE's own initialisation and Merlin's.
    pub(crate) fn new() -> Self {
        let mut state = [0; 200];
        state[..6].copy_from_slice(&[1, 168, 1, 0, 1, 96]);
        state[6..18].copy_from_slice(b"STROBEv1.0.2");
        keccak(&mut state);
        let mut strobe = Self { state, position: 0, begin: 0 };
        strobe.operation(0x12, b"Merlin v1.0");
        strobe.append(b"dom-sep", b"vitrine/1");
        strobe
    }

    fn permute(&mut self) {
        self.state[self.position] ^= self.begin;
        self.state[self.position + 1] ^= 0x04;
        self.state[RATE + 1] ^= 0x80;
        keccak(&mut self.state);
        (self.position, self.begin) = (0, 0);
    }

    fn absorb(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.state[self.position] ^= byte;
            self.position += 1;
            if self.position == RATE {
                self.permute();
            }
        }
    }

    fn begin(&mut self, flags: u8) {
        let before = self.begin;
        self.begin = u8::try_from(self.position + 1).unwrap();
        self.absorb(&[before, flags]);
    }

    fn operation(&mut self, flags: u8, bytes: &[u8]) {
        self.begin(flags);
        self.absorb(bytes);
    }

    pub(crate) fn append(&mut self, label: &[u8], message: &[u8]) {
        let length = u32::try_from(message.len()).unwrap().to_le_bytes();
        self.operation(0x12, &[label, &length].concat());
        self.operation(0x02, message);
    }

    pub(crate) fn challenge_bytes(&mut self, label: &[u8]) -> [u8; 64] {
        self.operation(0x12, &[label, &64u32.to_le_bytes()].concat());
        self.begin(0x07);
        if self.position != 0 {
            self.permute();
        }
        // 64 bytes stay within the rate.
        let mut bytes = [0; 64];
        bytes.copy_from_slice(&self.state[..64]);
        self.state[..64].fill(0);
        self.position = 64;
        bytes
    }

    pub(crate) fn bytes(&mut self, label: Label, message: &[u8]) {
        self.append(label.text().as_bytes(), message);
    }

    pub(crate) fn integer(&mut self, label: Label, value: u64) {
        self.bytes(label, &value.to_le_bytes());
    }

    pub(crate) fn point(&mut self, label: Label, point: &EncodedPoint) {
        self.bytes(label, point.as_bytes());
    }

    pub(crate) fn challenge(&mut self, label: Label) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&self.challenge_bytes(label.text().as_bytes()))
    }
}

#[test]
fn keccak_is_keccak() {
    use sha3::{Digest as _, Sha3_256};
    // SHA3-256 of the empty string: padding 0x06 .. 0x80 at a rate of 136 bytes.
    let mut state = [0; 200];
    (state[0], state[135]) = (0x06, 0x80);
    keccak(&mut state);
    assert_eq!(state[..32], Sha3_256::digest([])[..]);
}
