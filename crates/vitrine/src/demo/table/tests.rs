use super::*;

const HEADER: &str = "Precinct,1ST CHOICE MAYOR,2ND CHOICE MAYOR,COUNT\n";

fn parse(rows: &str) -> Result<Table, TableError> {
    Table::parse(format!("{HEADER}{rows}").as_bytes())
}

fn refusal(rows: &str) -> String {
    parse(rows).unwrap_err().to_string()
}

/// The first column, counted.
fn by_name(table: &Table) -> Vec<(&str, u64)> {
    let names = table.options.iter().map(String::as_str).enumerate();
    let of = |choice: &[usize]| table.rows.iter().filter(|marks| *first(marks) == *choice).count() as u64;
    names.map(|(option, name)| (name, of(&[option]))).chain([("blank", of(&[]))]).collect()
}

#[test]
fn ward_13_is_what_the_city_published() {
    let table = Table::ward(13).unwrap();
    assert_eq!(table.contest, "Council Member Ward 13");
    assert_eq!((table.rows.len(), table.in_file), (10_742, 10_742));
    let expected = [
        ("Bob Reuer", 746),
        ("David Regan", 199),
        ("Linea Palmisano", 4448),
        ("Matt Perry", 4060),
        ("Missy Durant", 984),
        ("Undeclared write-in", 10),
        ("blank", 295),
    ];
    assert_eq!(by_name(&table), expected);
}

#[test]
fn ward_5_is_what_the_city_published() {
    let table = Table::ward(5).unwrap();
    assert_eq!(table.rows.len(), 3_622);
    let expected = [
        ("Blong Yang", 1462),
        ("Brett Buckner", 739),
        ("Ian Alexander", 1046),
        ("Kale R. Severson", 219),
        ("Undeclared write-in", 10),
        ("blank", 146),
    ];
    assert_eq!(by_name(&table), expected);
    assert!(matches!(Table::ward(6), Err(TableError::NoSuchWard(6))));
}

#[test]
fn the_first_ballots_keep_the_whole_ballot_paper() {
    let table = Table::ward(13).unwrap().first(3).unwrap();
    assert_eq!((table.rows.len(), table.options.len(), table.in_file), (3, 6, 10_742));
    assert_eq!(by_name(&table).iter().map(|(_, number)| *number).collect::<Vec<_>>(), [0, 0, 1, 2, 0, 0, 0]);
    let error = Table::ward(5).unwrap().first(3_623).unwrap_err();
    assert_eq!(error.to_string(), "--ballots 3623: the file has 3622 ballots");
}

#[test]
fn rows_may_stand_for_several_ballots_and_spell_names_differently() {
    let table = parse("P1,ANN O'NEIL-BY,undervote,2\r\nP1,Ann O'Neil-By,UWI,1\nP2,Overvote,Bert de Wit,1\n\"P3\",\"Bert de Wit\",uwi,3")
        .unwrap();
    assert_eq!(by_name(&table), [("Ann O'Neil-By", 3), ("Bert de Wit", 3), ("Undeclared write-in", 0), ("blank", 1)]);
    assert_eq!(table.contest, "Mayor");
}

#[test]
fn who_is_never_a_first_choice_is_a_candidate_all_the_same_and_without_write_ins_there_is_no_such_option() {
    let table = parse("P,Ann,Bert,1\n").unwrap();
    assert_eq!(by_name(&table), [("Ann", 1), ("Bert", 0), ("blank", 0)]);
}

#[test]
fn every_fault_names_its_line() {
    assert_eq!(refusal("P,Ann,Bert,1\nP,Ann,1\n"), "line 3: expected 4 columns as in the header; found 3");
    assert_eq!(refusal("P,Ann,Bert,0\n"), "line 2: the last column is the number of ballots, from 1; found \"0\"");
    assert_eq!(refusal("P,Ann,Bert,-1\n"), "line 2: the last column is the number of ballots, from 1; found \"-1\"");
    assert!(refusal("P,Ann,Bert,1\nP,,Bert,1\n").starts_with("line 3: column 2: empty;"));
    assert_eq!(refusal("P,Ann,B\u{202e}ert,1\n"), "line 2: column 3: holds the hidden character U+202E");
    assert_eq!(refusal(&format!("P,{},Bert,1\n", "a".repeat(401))), "line 2: column 2: longer than 400 bytes");
    assert!(refusal("P,Ann,Bert,1000001\n").starts_with("line 2: more than 1000000 ballots"));
    assert!(refusal("P,Ann,Bert,18446744073709551615\nP,Ann,Bert,1\n").starts_with("line 2: more than"));
    let many: String = (0..=200).map(|number| format!("P,Name {number},undervote,1\n")).collect();
    assert!(refusal(&many).starts_with("line 202: more than 200 different names"));
    assert_eq!(refusal("P,undervote,UWI,1\n"), "the file has no ballot that names a candidate");
    assert_eq!(refusal(""), "the file has no ballot that names a candidate");
    let mut bytes = format!("{HEADER}P,Ann,Bert,1\nP,").into_bytes();
    bytes.extend([0xff, 0xfe]);
    bytes.extend(b",Bert,1\n");
    assert_eq!(Table::parse(&bytes).unwrap_err().to_string(), "line 3: column 2 is not UTF-8");
    // A quote that nobody closes swallows what follows, and the row that swallows is named.
    assert!(refusal("P,Ann,Bert,1\nP,\"Ann,Bert,1\nP,Ann,Bert,1\n").starts_with("line 3: expected 4 columns"));
}

#[test]
fn another_shape_is_refused_by_its_header() {
    let refusal = |text: &str| Table::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(refusal("").starts_with("line 1: the file is empty"));
    assert!(refusal("a,b,c\n").ends_with("column 1 is \"a\""));
    assert!(refusal("Precinct,CHOICE,COUNT\n").ends_with("column 2 is \"CHOICE\""));
    assert!(refusal("Precinct,1ST CHOICE \n").ends_with("column 2 is \"1ST CHOICE\""));
    assert!(refusal("Precinct,1ST CHOICE X\n").ends_with("column 2 is \"1ST CHOICE X\""));
    assert!(refusal("Precinct,1ST CHOICE X,2ND CHOICE X\n").ends_with("column 3 is \"2ND CHOICE X\""));
    let wide = format!("Precinct,1ST CHOICE X{},COUNT\n", ",MORE".repeat(200));
    assert!(refusal(&wide).starts_with("line 1: more than 200 choice columns"));
    assert!(Table::parse("\u{feff}precinct,1st choice x,count\nP,Ann,1\n".as_bytes()).is_ok());
}

#[test]
fn a_file_without_end_is_not_read_for_ever() {
    let refused = Table::read(std::path::Path::new("/dev/zero")).unwrap_err();
    assert!(matches!(&refused, TableError::Read(_, error) if error.kind() == io::ErrorKind::FileTooLarge), "{refused}");
}
