use super::*;
use proptest::prelude::*;
use protocol::{ContestKind, contest::DisplayOrder};
use serde_json::{Value, json};

fn text(words: &str) -> Value {
    let string = |language: &str, content: &str| json!({"@type": "BallotDefinition.LanguageString", "Content": content, "Language": language});
    json!({"@type": "BallotDefinition.InternationalizedText", "Text": [string("en", words), string("es", &format!("{words} (es)"))]})
}

fn candidate(id: &str, name: &str) -> Value {
    json!({"@id": id, "@type": "BallotDefinition.Candidate", "BallotName": text(name), "PartyId": "par-1"})
}

fn unit(id: &str, name: &str, voters: u32) -> Value {
    json!({"@id": id, "@type": "BallotDefinition.ReportingUnit", "Name": text(name), "Type": "ward", "VotersRegistered": voters})
}

fn option(id: &str, candidates: &[&str]) -> Value {
    json!({"@id": id, "@type": "BallotDefinition.CandidateOption", "CandidateIds": candidates})
}

fn measure(id: &str, words: &str) -> Value {
    json!({"@id": id, "@type": "BallotDefinition.BallotMeasureOption", "Selection": text(words)})
}

fn ordered(contest: &str) -> Value {
    json!({"@type": "BallotDefinition.OrderedContest", "ContestId": contest})
}

/// Two wards; a mayor for both, a council in the first, a measure in the second, which shows it before the mayor.
fn town() -> Value {
    let header =
        json!({"@type": "BallotDefinition.OrderedHeader", "HeaderId": "h", "OrderedContent": [ordered("council")]});
    let style = |unit: &str, content: Vec<Value>| json!({"@type": "BallotDefinition.BallotStyle", "GpUnitIds": [unit], "OrderedContent": content});
    json!({
        "@type": "BallotDefinition.BallotDefinition", "Version": "1.0.0", "GeneratedDate": "2026-11-23T00:00:00Z", "Issuer": "Town",
        "IssuerAbbreviation": "T", "SequenceStart": 1, "SequenceEnd": 1, "VendorApplicationId": "by hand",
        "GpUnit": [unit("w1", "Ward 1", 800), unit("w2", "Ward 2", 400), unit("town", "Town", 1200)],
        "Party": [{"@id": "par-1", "@type": "BallotDefinition.Party", "Name": text("Greens")}],
        "Election": [{
            "@type": "BallotDefinition.Election", "ElectionScopeId": "town", "StartDate": "2026-11-23", "EndDate": "2026-11-23", "Type": "general",
            "Name": text("Town election"),
            "Candidate": [candidate("a", "Ada"), candidate("b", "Blaise"), candidate("c", "Cleo")],
            "Contest": [
                {"@id": "mayor", "@type": "BallotDefinition.CandidateContest", "ElectionDistrictId": "town", "Name": "Mayor", "VotesAllowed": 1,
                 "NumberElected": 1, "VoteVariation": "majority", "HasRotation": true,
                 "ContestOption": [option("o1", &["a", "b"]), option("o2", &["c"])]},
                {"@id": "council", "@type": "BallotDefinition.CandidateContest", "ElectionDistrictId": "w1", "Name": "COUNCIL", "VotesAllowed": 2,
                 "NumberElected": 2, "VoteVariation": "n-of-m", "BallotTitle": text("Council"),
                 "ContestOption": [option("o3", &["a"]), option("o4", &["b"]), option("o5", &["c"])]},
                {"@id": "measure", "@type": "BallotDefinition.BallotMeasureContest", "ElectionDistrictId": "w2", "Name": "The bridge", "Type": "referendum",
                 "ContestOption": [measure("y", "Yes"), measure("n", "No")]},
            ],
            "BallotStyle": [style("w1", vec![ordered("mayor"), header]), style("w2", vec![ordered("measure"), ordered("mayor")])],
        }],
    })
}

fn read(definition: &Value) -> Result<Definition, DefinitionError> {
    Definition::parse(&serde_json::to_string_pretty(definition).unwrap(), &Reading::default())
}

fn template(definition: &Value) -> Template {
    Template::parse(&read(definition).unwrap().template().unwrap()).unwrap()
}

/// MAN-32: what a definition says, the template says.
#[test]
fn a_definition_gives_a_template() {
    let written = read(&town()).unwrap().template().unwrap();
    assert!(written.contains("title = \"Town election\"\n") && written.contains("roll_length = 1200 "), "{written}");
    let template = Template::parse(&written).unwrap();
    let (contests, units) = template.papers().unwrap();
    let titles: Vec<&str> = contests.iter().map(|contest| contest.title.as_str()).collect();
    assert_eq!(titles, ["The bridge", "Mayor", "Council"], "one order that fits both ballot styles");
    assert_eq!(units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(), ["Ward 1", "Ward 2"]);
    assert_eq!((units[0].contests.as_slice(), units[1].contests.as_slice()), (&[1, 2][..], &[0, 1][..]));
    assert_eq!(template.voters(), [Some(800), Some(400)]);
    assert_eq!(contests[0].kind, ContestKind::Question { numerator: 1, denominator: 2 });
    assert_eq!(
        (contests[0].options.as_slice(), contests[0].blank),
        (&["Yes", "No", "Abstain"].map(str::to_owned)[..], false)
    );
    assert_eq!(contests[1].options, ["Ada / Blaise (Greens)", "Cleo (Greens)"]);
    let terms = contests[1].terms();
    assert_eq!((terms.order, terms.share.numerator, terms.share.denominator), (DisplayOrder::Shuffled, 1, 2));
    assert_eq!((&contests[2].kind, contests[2].terms().seats), (&ContestKind::Choose { minimum: 1, maximum: 2 }, 2));
    let spanish = Reading { language: "es".to_owned(), abstain: "Me abstengo".to_owned() };
    let spanish = Definition::parse(&format!("\u{feff}{}", town()), &spanish).unwrap().template().unwrap();
    assert!(spanish.contains("title = \"Town election (es)\"") && spanish.contains("Me abstengo"));
}

/// MAN-32: every variation that can be counted.
#[test]
fn variations_become_kinds() {
    let with = |variation: &str, votes: u32, ranks: Option<u32>| {
        let mut town = town();
        let contest = &mut town["Election"][0]["Contest"][1];
        contest["VoteVariation"] = variation.into();
        contest["VotesAllowed"] = votes.into();
        if let Some(ranks) = ranks {
            contest["RanksAllowed"] = ranks.into();
        }
        template(&town).papers().unwrap().0[2].kind.clone()
    };
    assert_eq!(with("plurality", 1, None), ContestKind::ChooseOne);
    assert_eq!(with("approval", 3, None), ContestKind::Choose { minimum: 1, maximum: 3 });
    assert_eq!(with("cumulative", 5, None), ContestKind::Cumulative { points: 5, most: 5, exactly: false });
    assert_eq!(with("borda", 1, None), ContestKind::Positional { minimum: 1, points: vec![2, 1, 0] });
    assert_eq!(with("borda", 1, Some(2)), ContestKind::Positional { minimum: 1, points: vec![2, 1] });
    // Without ballot styles everybody votes in everything, if that is what the districts say.
    let mut one = town();
    one["Election"][0].as_object_mut().unwrap().remove("BallotStyle");
    for contest in one["Election"][0]["Contest"].as_array_mut().unwrap() {
        contest["ElectionDistrictId"] = "town".into();
    }
    let (contests, units) = template(&one).papers().unwrap();
    assert_eq!((contests.len(), units.len(), units[0].contests.as_slice()), (3, 1, &[0, 1, 2][..]));
}

/// MAN-32: what is outside the subset is refused, with line, column and path.
#[test]
fn what_is_not_read_is_told_at_its_place() {
    let refused = |change: &dyn Fn(&mut Value), expected: &str, says: &str| {
        let mut town = town();
        change(&mut town);
        let refusal = read(&town).unwrap_err().to_string();
        assert!(
            refusal.contains(&format!(", BallotDefinition{expected}: ")) && refusal.contains(says),
            "{expected}\n{refusal}"
        );
        // The place is where the text has the last name of the path, or what is in it.
        let text = serde_json::to_string_pretty(&town).unwrap();
        let line: usize = refusal.strip_prefix("line ").unwrap().split_once(',').unwrap().0.parse().unwrap();
        let field = expected.rsplit('.').next().unwrap();
        if !field.ends_with(']') && !field.is_empty() {
            assert!(text.lines().nth(line - 1).unwrap().contains(&format!("\"{field}\"")), "{refusal}");
        }
    };
    let contest = |town: &mut Value, number: usize, field: &str, value: Value| {
        town["Election"][0]["Contest"][number][field] = value
    };
    refused(&|town| town["Version"] = "2.0.0".into(), ".Version", "not version 1.0.0");
    refused(&|town| town["SequenceEnd"] = 2.into(), ".SequenceEnd", "several files");
    refused(&|town| town["Surprise"] = 1.into(), ".Surprise", "outside the subset");
    refused(&|town| town["Election"] = json!([]), ".Election", "exactly one");
    refused(
        &|town| contest(town, 1, "VoteVariation", "rcv".into()),
        ".Election[0].Contest[1].VoteVariation",
        "instant runoff",
    );
    refused(
        &|town| contest(town, 1, "VoteVariation", "range".into()),
        ".Election[0].Contest[1].VoteVariation",
        "highest score",
    );
    refused(&|town| contest(town, 1, "VotesAllowed", 4.into()), ".Election[0].Contest[1].VotesAllowed", "from 1 to 3");
    refused(
        &|town| contest(town, 1, "VotesAllowed", json!(1.5)),
        ".Election[0].Contest[1].VotesAllowed",
        "is not a whole number",
    );
    refused(
        &|town| contest(town, 1, "PrimaryPartyIds", json!(["par-1"])),
        ".Election[0].Contest[1].PrimaryPartyIds",
        "outside the subset",
    );
    refused(
        &|town| contest(town, 1, "@type", "BallotDefinition.StraightPartyContest".into()),
        ".Election[0].Contest[1].@type",
        "only BallotDefinition.CandidateContest or",
    );
    refused(
        &|town| contest(town, 2, "PassageThreshold", text("60 %")),
        ".Election[0].Contest[2].PassageThreshold",
        "state `passes`",
    );
    refused(&|town| contest(town, 2, "@id", "mayor".into()), ".Election[0].Contest[2].@id", "stands twice");
    refused(
        &|town| contest(town, 2, "ElectionDistrictId", "w3".into()),
        ".Election[0].Contest[2].ElectionDistrictId",
        "\"w3\" is the @id of nothing",
    );
    let write_in = |town: &mut Value| town["Election"][0]["Contest"][0]["ContestOption"][1]["IsWriteIn"] = true.into();
    refused(&write_in, ".Election[0].Contest[0].ContestOption[1].IsWriteIn", "written-in");
    let withdrawn = |town: &mut Value| town["Election"][0]["Candidate"][2]["PreElectionStatus"] = "withdrawn".into();
    refused(&withdrawn, ".Election[0].Candidate[2].PreElectionStatus", "take this candidate out");
    let french = |town: &mut Value| town["Election"][0]["Name"]["Text"][0]["Language"] = "fr".into();
    refused(&french, ".Election[0].Name.Text", "no text in the language \"en\", but in: fr, es");
    let style = |town: &mut Value, number: usize, field: &str, value: Value| {
        town["Election"][0]["BallotStyle"][number][field] = value
    };
    refused(
        &|town| style(town, 1, "PartyIds", json!(["par-1"])),
        ".Election[0].BallotStyle[1].PartyIds",
        "outside the subset",
    );
    refused(
        &|town| style(town, 1, "GpUnitIds", json!(["w1"])),
        ".Election[0].BallotStyle[1].GpUnitIds[0]",
        "two ballot styles",
    );
    refused(
        &|town| style(town, 1, "OrderedContent", json!([ordered("mayor")])),
        ".Election[0].Contest[2]",
        "on no ballot style",
    );
    let circle = json!([ordered("measure"), ordered("council"), ordered("mayor")]);
    refused(&|town| style(town, 1, "OrderedContent", circle.clone()), ".Election[0].Contest[0]", "in one order");
    let mut other = ordered("council");
    other["OrderedContestOptionIds"] = json!(["o4", "o3", "o5"]);
    let other = json!([ordered("mayor"), other]);
    refused(
        &|town| style(town, 0, "OrderedContent", other.clone()),
        ".Election[0].BallotStyle[0].OrderedContent[1].OrderedContestOptionIds",
        "without HasRotation",
    );
    let twice = "{\"@type\": \"BallotDefinition.BallotDefinition\",\n \"Version\": \"1.0.0\", \"Version\": \"1.0.0\"}";
    let twice = Definition::parse(twice, &Reading::default()).unwrap_err().to_string();
    assert_eq!(twice, "line 2, column 33, BallotDefinition.Version: stands twice");
    let broken = Definition::parse("{\"@type\": 1,\n]", &Reading::default()).unwrap_err().to_string();
    assert!(broken.contains("line 2"), "{broken}");
}

/// A definition with one value changed for another.
fn changed() -> impl Strategy<Value = Value> {
    let values = prop_oneof![
        Just(Value::Null),
        any::<u32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        "[a-z0-9]{0,3}".prop_map(Value::from),
    ];
    (any::<prop::sample::Index>(), values).prop_map(|(which, value)| {
        fn count(value: &Value) -> usize {
            1 + match value {
                Value::Array(values) => values.iter().map(count).sum::<usize>(),
                Value::Object(fields) => fields.values().map(count).sum(),
                _ => 0,
            }
        }
        fn put(place: &mut Value, left: &mut usize, value: &Value) {
            if *left == 0 {
                *place = value.clone();
            }
            *left = left.wrapping_sub(1);
            match place {
                Value::Array(values) => values.iter_mut().for_each(|inner| put(inner, left, value)),
                Value::Object(fields) => fields.values_mut().for_each(|inner| put(inner, left, value)),
                _ => {}
            }
        }
        let mut town = town();
        let mut left = which.index(count(&town));
        put(&mut town, &mut left, &value);
        town
    })
}

proptest! {
    /// MAN-32: whatever stands in a definition, it is refused or gives a template that can be read.
    #[test]
    fn every_definition_is_refused_or_gives_a_template(definition in changed()) {
        if let Ok(read) = read(&definition) && let Ok(text) = read.template() {
            prop_assert!(Template::parse(&text).is_ok());
        }
    }

    #[test]
    fn no_text_stops_the_reader(text in any::<String>(), cut in any::<prop::sample::Index>()) {
        let whole = town().to_string();
        let _ = Definition::parse(&text, &Reading::default());
        let _ = Definition::parse(whole.get(..cut.index(whole.len())).unwrap_or(""), &Reading::default());
    }
}
