//! QR codes in pictures.

/// The text of a QR code in a picture of `width * height` points, one byte each, 0 is black; of several codes, the first that can be read.
pub(crate) fn text_in(width: usize, height: usize, grey: &[u8]) -> Option<String> {
    if width.checked_mul(height) != Some(grey.len()) || grey.is_empty() {
        return None;
    }
    let mut scanner = quircs::Quirc::default();
    let mut codes = scanner.identify(width, height, grey);
    codes.find_map(|code| String::from_utf8(code.ok()?.decode().ok()?.payload).ok())
}

#[cfg(test)]
mod tests {
    use super::text_in;
    use proptest::prelude::*;
    use qrcode::{Color, EcLevel, QrCode};

    /// A code on white paper, each module a square of `scale` points, as a camera straight above it sees it.
    fn picture(text: &str, level: EcLevel, scale: usize) -> (usize, Vec<u8>) {
        let code = QrCode::with_error_correction_level(text, level).unwrap();
        let (modules, colors) = (code.width(), code.to_colors());
        let (margin, side) = (4 * scale, (modules + 8) * scale);
        let mut grey = vec![230; side * side];
        for y in 0..modules * scale {
            for x in 0..modules * scale {
                if colors[y / scale * modules + x / scale] == Color::Dark {
                    grey[(y + margin) * side + x + margin] = 25;
                }
            }
        }
        (side, grey)
    }

    #[test]
    fn a_letter_is_read() {
        let line = "vitrine:letter/1?election=8f3c&registrar=1&code=ABCD-EFGH-JKMN-PQRS&board=https://board.example";
        for level in [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H] {
            let (side, grey) = picture(line, level, 3);
            assert_eq!(text_in(side, side, &grey).as_deref(), Some(line));
        }
    }

    /// BAL-83: the longest opened ballot that a page shows as a code.
    #[test]
    fn the_longest_opening_is_read() {
        let opening = format!("vitrine:opening/1?{}", "aZ0_-".repeat(276));
        let (side, grey) = picture(&opening, EcLevel::L, 3);
        assert_eq!(text_in(side, side, &grey), Some(opening));
    }

    #[test]
    fn a_code_lying_on_its_side_and_stained_is_read() {
        let (side, grey) = picture("vitrine:letter/1?code=ABCD", EcLevel::M, 4);
        let mut turned = vec![0; grey.len()];
        for y in 0..side {
            for x in 0..side {
                turned[x * side + (side - 1 - y)] = grey[y * side + x];
            }
        }
        for y in side / 2..side / 2 + 5 {
            for x in side / 2..side / 2 + 5 {
                turned[y * side + x] = 25;
            }
        }
        assert_eq!(text_in(side, side, &turned).as_deref(), Some("vitrine:letter/1?code=ABCD"));
    }

    #[test]
    fn a_picture_of_another_size_is_none() {
        assert_eq!(text_in(0, 0, &[]), None);
        assert_eq!(text_in(2, 2, &[0; 3]), None);
        assert_eq!(text_in(usize::MAX, 2, &[0; 2]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Damaged beyond what a code corrects, and anything else that a camera sees: an answer, and none that is made up.
        #[test]
        fn every_picture_gets_an_answer(
            scale in 1_usize..4,
            spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..400),
        ) {
            let (side, mut grey) = picture("vitrine:letter/1?code=ABCD", EcLevel::L, scale);
            for (place, shade) in spots {
                let place = place.index(grey.len());
                grey[place] = shade;
            }
            let read = text_in(side, side, &grey);
            prop_assert!(read.is_none_or(|text| text == "vitrine:letter/1?code=ABCD"));
        }

        #[test]
        fn noise_gets_an_answer(width in 1_usize..90, height in 1_usize..90, seed in prop::collection::vec(any::<u8>(), 1..900)) {
            let grey: Vec<u8> = seed.iter().copied().cycle().take(width * height).collect();
            text_in(width, height, &grey);
        }
    }
}
