//! Exact fractions: a mean is never rounded before it is printed.

use serde::Serialize;

/// A fraction in lowest terms. Means have the weight of ballots below the line, so it fits 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fraction {
    /// Above the line.
    pub numerator: u128,
    /// Below the line; never 0.
    pub denominator: u64,
}

impl Fraction {
    /// `numerator / denominator` in lowest terms; nothing over 0.
    pub fn new(numerator: u128, denominator: u64) -> Option<Self> {
        let common = divisor(numerator, denominator.into());
        let below = u128::from(denominator).checked_div(common)?;
        Some(Self { numerator: numerator.checked_div(common)?, denominator: u64::try_from(below).ok()? })
            .filter(|fraction| fraction.denominator > 0)
    }

    /// In decimal digits with so many behind the point, the last one rounded, a half up.
    pub fn decimal(&self, places: u32) -> String {
        let below = u128::from(self.denominator);
        let (whole, rest) = (self.numerator / below, self.numerator % below);
        let scale = 10u128.checked_pow(places).unwrap_or(1);
        // The rest is below 2^64; so is twice its scaled value below 2^128 for up to 18 places.
        let scaled = rest.saturating_mul(scale).saturating_mul(2).saturating_add(below) / below.saturating_mul(2);
        let (whole, behind) = (whole.saturating_add(scaled / scale), scaled % scale);
        if scale == 1 { whole.to_string() } else { format!("{whole}.{behind:0width$}", width = index(places)) }
    }
}

fn index(places: u32) -> usize {
    usize::try_from(places).unwrap_or(0)
}

/// The greatest common divisor; the other one if one of the two is 0.
fn divisor(mut one: u128, mut other: u128) -> u128 {
    while other > 0 {
        (one, other) = (other, one.checked_rem(other).unwrap_or(0));
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_exact_and_rounded_only_when_printed() {
        let mean = Fraction::new(250, 40).unwrap();
        assert_eq!((mean.numerator, mean.denominator), (25, 4));
        assert_eq!([0, 1, 2, 3].map(|places| mean.decimal(places)), ["6", "6.3", "6.25", "6.250"]);
        assert_eq!(Fraction::new(2, 3).unwrap().decimal(2), "0.67");
        assert_eq!(Fraction::new(999, 1000).unwrap().decimal(2), "1.00");
        assert_eq!(Fraction::new(0, 7).unwrap().decimal(2), "0.00");
        assert_eq!(Fraction::new(7, 0), None);
        assert_eq!(Fraction::new(0, 0), None);
        let most = Fraction::new(u128::MAX, u64::MAX).unwrap();
        assert_eq!(most.decimal(2), "18446744073709551617.00");
    }
}
