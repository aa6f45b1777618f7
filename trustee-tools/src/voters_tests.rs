use super::*;
use crate::fixture::{Officials, rng};
use proptest::prelude::{prop, proptest};
use protocol::manifest::Unit;

fn manifest() -> Manifest {
    let mut manifest = Officials::generate(2, &mut rng(2)).manifest(1, 3, &mut rng(2));
    manifest.units.push(Unit { name: "Altstadt".to_owned(), contests: vec![0] });
    manifest
}

fn refusal(text: &str) -> String {
    read_list(text.as_bytes(), &manifest()).unwrap_err().to_string()
}

#[track_caller]
fn refuses(text: &str, words: &str) {
    let refusal = refusal(text);
    assert!(refusal.contains(words), "{words:?} is not said in {refusal:?}");
}

fn voter(person: &str, contact: &str, unit: u32, weight: u32) -> Voter {
    Voter { person: person.to_owned(), contact: contact.to_owned(), place: RollPlace { unit, weight } }
}

#[test]
fn lists_and_maps_come_back() {
    let manifest = manifest();
    let list = "person,unit,weight\nAda L., Ward 1 ,2\n\"Bo, Jr.\",Ward 1,\n";
    let voters = read_list(list.as_bytes(), &manifest).unwrap();
    assert_eq!(voters[1], voter("Bo, Jr.", "", 0, 1));
    assert_eq!(read_list("person,unit\nAda,Ward 1\n".as_bytes(), &manifest).unwrap().len(), 1);
    let mut map = Vec::new();
    write_map(&voters, true, &manifest, &mut map).unwrap();
    assert_eq!(
        String::from_utf8(map.clone()).unwrap(),
        "index,person,unit,weight\n0,Ada L.,Ward 1,2\n1,\"Bo, Jr.\",Ward 1,1\n"
    );
    assert_eq!(read_map(map.as_slice(), &manifest).unwrap(), voters);
    let written = vec![voter("Ada", "1 Main St\nTown", 0, 1), voter("Bo", "", 1, 2)];
    for (contacts, kept) in [(true, "1 Main St\nTown"), (false, "")] {
        let mut map = Vec::new();
        write_map(&written, contacts, &manifest, &mut map).unwrap();
        assert_eq!(read_map(map.as_slice(), &manifest).unwrap()[0].contact, kept);
    }
}

/// ROL-10: a map is opened in a spreadsheet, by another registrar too.
#[test]
fn nothing_in_a_list_is_a_formula() {
    for cell in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "  =1"] {
        refuses(&format!("person,unit\n\"{cell}\",Ward 1\n"), "line 2: the name");
        refuses(&format!("person,unit,contact\nAda,Ward 1,\"{cell}\"\n"), "would be a formula");
    }
    let map = "index,person,unit,weight\n0,\"=HYPERLINK(\"\"http://x\"\")\",Ward 1,1\n";
    assert!(read_map(map.as_bytes(), &manifest()).unwrap_err().to_string().contains("would be a formula"));
    let number = read_list("person,unit,contact\n1-2,Ward 1,+49 (170) 1-2/3\n".as_bytes(), &manifest()).unwrap();
    assert_eq!(number[0].contact, "+49 (170) 1-2/3");
}

/// ROL-10: what spreadsheets in different countries make of the same list.
#[test]
fn exports_of_spreadsheets_are_recognised() {
    let expected = vec![voter("Ada", "1 Main St", 0, 2), voter("Bö, Jr.", "", 1, 1)];
    for list in [
        "person,unit,weight,contact\nAda,Ward 1,2,1 Main St\n\"Bö, Jr.\",Altstadt,,\n",
        "\u{feff}Person;Unit;Weight;Contact\r\nAda;Ward 1;2;1 Main St\r\nBö, Jr.;Altstadt;;\r\n;;;\r\n",
        "contact\tWEIGHT\tunit\tperson\n1 Main St\t2\tWard 1\tAda\n\n\t\tAltstadt\t\"Bo\u{308}, Jr.\"\n",
        "sep=;\nperson;unit;weight;contact\nAda;Ward 1;2;1 Main St\n\"Bö, Jr.\";Altstadt;1;\n",
        "\n\"person\",\"unit\",\"weight\",\"contact\"\rAda,Ward 1,2,1 Main St\r\"Bö, Jr.\",Altstadt,,\r",
    ] {
        assert_eq!(read_list(list.as_bytes(), &manifest()).unwrap(), expected, "{list:?}");
    }
}

#[test]
fn errors_name_the_line() {
    let ward = "line 3: the manifest has no unit \"ward1\"; the nearest is \"Ward 1\"";
    assert_eq!(refusal("person,unit\nAda,Ward 1\nBo,ward1\n"), ward);
    assert_eq!(refusal("person,unit\nAda,Xyzzy\n"), "line 2: the manifest has no unit \"Xyzzy\"");
    assert_eq!(refusal("person,unit,weight\nAda,Ward 1,1\nBo,Ward 1,3\n"), "line 3: weight 3 is not within 1 to 2");
    refuses("person,unit\nAda,Ward 1\n\"B\no\",Ward 1\nAda,Ward 1\n", "line 5: \"Ada\" stands in line 2 already");
    refuses("person,unit\n\n\nAda,Ward 1\n\r\n\nada,Ward 1\n", "line 7: \"ada\" is \"Ada\" of line 4");
    refuses("sep=,\nperson,unit\n,Ward 1\n", "line 3: no person is named");
    refuses("person,unit\nAda,Ward 1\nBo\n", "line 3: 1 cells where the first line has 2");
    refuses("person,unit,weight\nAda,Ward 1,-1\n", "line 2: the weight \"-1\" is not a whole number");
    refuses("person,unit,weight\nAda,Ward 1,1.5\n", "line 2: the weight \"1.5\"");
    refuses("person,unit,weight\nAda,Ward 1,99999999999\n", "line 2: the weight");
    refuses("name,unit\nAda,Ward 1\n", "line 1: there is a column \"name\"");
    refuses("name,unit\nAda,Ward 1\n", "line 1: there is no column \"person\"");
    refuses("person,unit,Unit\nAda,Ward 1,Ward 1\n", "line 1: the column \"Unit\" stands twice");
    refuses("person|unit\nAda|Ward 1\n", "separated by comma, semicolon or tab");
    refuses("", "line 1: the file is empty");
    refuses("person,unit\nAda\u{0},Ward 1\n", "line 2: the name holds the invisible character U+0000");
    refuses("person,unit\n\"Ada,Ward 1\nBo,Ward 1\n", "cells where");
    refuses("person,unit\n\"Ada,Ward 1\nBo\",Ward 1\n", "line 2: the name holds a line break");
    refuses(&format!("person,unit\n{},Ward 1\n", "x".repeat(401)), "line 2: the name has 401 bytes");
    let shuffled = "index,person,unit,weight\n0,Ada,Ward 1,1\n2,Bo,Ward 1,1\n3,Cy,Ward 1,1\n";
    let refused = read_map(shuffled.as_bytes(), &manifest()).unwrap_err().to_string();
    assert!(refused.starts_with("line 3: roll index 2 stands where 1 belongs"), "{refused}");
    assert!(read_map("person,unit\n".as_bytes(), &manifest()).unwrap_err().to_string().contains("no column \"index\""));
}

/// ROL-10: forms of one name that only a machine tells apart.
#[test]
fn a_person_listed_twice_is_found_in_whatever_form() {
    for again in ["ada  LOVELACE", "\u{ff21}da Lovelace", "Ada\u{a0}Lovelace", "ADA LOVELACE"] {
        refuses(&format!("person,unit\nAda Lovelace,Ward 1\n{again},Ward 1\n"), "of line 2");
    }
    refuses("person,unit\nJose\u{301},Ward 1\nJOSÉ,Ward 1\n", "line 3: \"JOSÉ\" is \"José\" of line 2");
    assert_eq!(read_list("person,unit\nAda 1,Ward 1\nAda 2,Ward 1\n".as_bytes(), &manifest()).unwrap().len(), 2);
}

#[test]
fn all_faults_are_told_at_once_and_not_without_end() {
    let told = refusal("person,unit,weight\nAda,Ward 1,9\n,Ward 1,1\nBo,Atstadt,x\n");
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    assert_eq!(lines.len(), 5, "{told}");
    assert!(lines[1].starts_with("line 2: weight 9") && lines[2].starts_with("line 3: no person"), "{told}");
    assert!(lines[3].starts_with("line 4: ") && lines[4].starts_with("line 4: "), "{told}");
    let many = format!("person,unit\n{}", "Ada,Ward 9\n".repeat(1000));
    let error = read_list(many.as_bytes(), &manifest()).unwrap_err();
    assert_eq!((error.faults.len(), error.more), (MOST_FAULTS, 1999 - 50));
    assert!(error.to_string().ends_with("and 1949 more"));
}

#[test]
fn encodings_are_refused_with_their_lines() {
    let latin = b"person,unit\nAda,Ward 1\nB\xf6,Ward 1\nC\xf6\xf6,Ward 9\n";
    let told = read_list(latin.as_slice(), &manifest()).unwrap_err().to_string();
    assert!(
        told.contains("line 3: this line is not UTF-8") && told.contains("line 4: this line is not UTF-8"),
        "{told}"
    );
    assert!(told.contains("line 4: the manifest has no unit") && told.lines().count() == 4, "{told}");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("person".bytes().flat_map(|byte| [byte, 0])).collect();
    assert!(read_list(wide.as_slice(), &manifest()).unwrap_err().to_string().contains("CSV UTF-8"));
}

/// ROL-11: the order is the first registrar's; who votes where, and with what weight, is what one's own list says.
#[test]
fn a_map_is_compared_with_ones_own_list() {
    let manifest = manifest();
    let list = |text: &str| read_list(text.as_bytes(), &manifest).unwrap();
    let checked = |map: &str, own| read_checked_map(map.as_bytes(), own, &manifest);
    let own = list("person,unit,weight,contact\nAda,Ward 1,1,ada@example.org\nBo,Altstadt,2,bo@example.org\n");
    let map = "index,person,unit,weight\n0,BO,Altstadt,2\n1,Ada,Ward 1,1\n";
    let agreed = checked(map, own.clone()).unwrap();
    assert_eq!(agreed, [voter("BO", "bo@example.org", 1, 2), voter("Ada", "ada@example.org", 0, 1)]);
    let other = "index,person,unit,weight\n0,Bo,Altstadt,1\n1,Eve,Ward 1,1\n";
    let told = checked(other, own.clone()).unwrap_err().to_string();
    for words in [
        "line 2: \"Bo\" is in unit \"Altstadt\" with weight 2 by the list",
        "line 3: the map has \"Eve\"",
        "the list of voters has \"Ada\"",
    ] {
        assert!(told.contains(words), "{told}");
    }
    assert!(checked("index,person\n", own).unwrap_err().to_string().contains("no column \"unit\""));
}

/// ROL-16: contacts, which differ from registrar to registrar, do not matter; order, names, units and weights do.
#[test]
fn maps_have_a_fingerprint() {
    let f = ElectionFingerprint([0xab; 32]);
    let of = |voters: &[Voter]| map_fingerprint(&f, voters).to_string();
    let (ada, bo) = (voter("Ada", "", 0, 1), voter("Bo", "", 1, 2));
    let map = of(&[ada.clone(), bo.clone()]);
    assert_eq!(map, "49P5-77YB-B2ZN-EJY9-C8K2");
    assert_eq!(of(&[voter("Ada", "ada@example.org", 0, 1), bo.clone()]), map);
    let others = [
        vec![bo.clone(), ada.clone()],
        vec![ada.clone()],
        vec![voter("ada", "", 0, 1), bo],
        vec![ada, voter("Bo", "", 1, 1)],
    ];
    assert!(others.iter().all(|other| of(other) != map));
}

proptest! {
    /// What is written is read again, whatever the names are.
    #[test]
    fn maps_come_back(names in prop::collection::btree_set("[ -~äÖß漢]{1,12}", 1..8)) {
        let manifest = manifest();
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["person", "unit"]).unwrap();
        for name in &names {
            csv.write_record([name.as_str(), "Altstadt"]).unwrap();
        }
        // Names that are blank, or alike, are refused; all others come back.
        if let Ok(voters) = read_list(csv.into_inner().unwrap().as_slice(), &manifest) {
            let mut map = Vec::new();
            write_map(&voters, true, &manifest, &mut map).unwrap();
            assert_eq!(read_map(map.as_slice(), &manifest).unwrap(), voters);
        }
    }
}
