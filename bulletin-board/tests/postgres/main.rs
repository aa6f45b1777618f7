//! The board on PostgreSQL: everything it does on a file, and what only several processes do.

#[cfg(test)]
mod cluster;
#[cfg(test)]
#[path = "../board/continuing.rs"]
mod continuing;
#[cfg(test)]
#[path = "../board/contract.rs"]
mod contract;
#[cfg(test)]
#[path = "../board/durability.rs"]
mod durability;
#[cfg(test)]
#[path = "../board/election.rs"]
mod election;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod home;
#[cfg(test)]
#[path = "../board/hostile.rs"]
mod hostile;
#[cfg(test)]
#[path = "../board/running.rs"]
mod running;
#[cfg(test)]
mod siblings;
#[cfg(test)]
mod storage;
#[cfg(test)]
#[allow(dead_code, reason = "shared with other tests, which use the rest of it")]
#[path = "../board/test_witness.rs"]
mod test_witness;
#[cfg(test)]
#[allow(dead_code, reason = "shared with unit tests, which use the rest of it")]
#[path = "../board/town.rs"]
mod town;
#[cfg(test)]
mod witnessed;
