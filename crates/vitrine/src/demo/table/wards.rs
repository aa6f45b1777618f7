//! The wards whose ballots are compiled into the program, and what the city published about them.

/// The council election of one ward of Minneapolis, 5 November 2013.
#[derive(Debug)]
pub(crate) struct Ward {
    pub(super) number: u32,
    pub(super) contest: &'static str,
    pub(super) file: &'static [u8],
    /// The city's official count in its first round, in which a ballot without a usable first choice counts for its next one: the options
    /// in the table's order.
    pub(crate) round_one: &'static [u64],
}

/// All of them.
pub(super) static WARDS: [Ward; 2] = [
    Ward {
        number: 5,
        contest: "Council Member Ward 5",
        file: include_bytes!("../../../data/minneapolis-2013-ward-5.csv"),
        // Yang, Buckner, Alexander, Severson, UWI.
        round_one: &[1475, 746, 1048, 220, 10],
    },
    Ward {
        number: 13,
        contest: "Council Member Ward 13",
        file: include_bytes!("../../../data/minneapolis-2013-ward-13.csv"),
        // Reuer, Regan, Palmisano, Perry, Durant, UWI.
        round_one: &[749, 199, 4452, 4063, 986, 10],
    },
];
