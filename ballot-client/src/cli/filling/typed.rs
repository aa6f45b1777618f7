//! Numbers as a voter types them.

use super::Misfit;
use zeroize::Zeroizing;

/// The words of an answer.
pub(super) fn words(answer: &str) -> impl Iterator<Item = &str> {
    answer.split([' ', ',', '\t']).filter(|word| !word.is_empty())
}

/// The options whose numbers were typed, from 1, in the order of typing; `none` is no option. Each at most once.
pub(super) fn numbers(answer: &str, shown: &[usize]) -> Result<Zeroizing<Vec<usize>>, Misfit> {
    // Room for all at once: a vector that moves leaves what it held behind.
    let mut options = Zeroizing::new(Vec::with_capacity(shown.len()));
    if answer.eq_ignore_ascii_case("none") {
        return Ok(options);
    }
    for word in words(answer) {
        let option = option(word, shown)?;
        if options.contains(&option) {
            return Err(Misfit::Twice(word.to_owned()));
        }
        options.push(option);
    }
    if options.is_empty() { Err(Misfit::Nothing) } else { Ok(options) }
}

/// The option under a number.
pub(super) fn option(word: &str, shown: &[usize]) -> Result<usize, Misfit> {
    let number: usize = word.parse().map_err(|_| Misfit::NoNumber)?;
    let place = number.checked_sub(1);
    place.and_then(|place| shown.get(place)).copied().ok_or(Misfit::NoSuchNumber { last: shown.len() })
}

/// The same, from `minimum` to `maximum` of them.
pub(super) fn marked(
    answer: &str,
    shown: &[usize],
    (minimum, maximum): (u32, u32),
) -> Result<Zeroizing<Vec<usize>>, Misfit> {
    let options = numbers(answer, shown)?;
    match u32::try_from(options.len()).unwrap_or(u32::MAX) {
        marked if marked > maximum => Err(Misfit::TooMany { marked, maximum }),
        marked if marked < minimum => Err(Misfit::TooFew { marked, minimum }),
        _ => Ok(options),
    }
}
