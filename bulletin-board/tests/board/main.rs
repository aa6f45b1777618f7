//! The board from outside: over HTTP, as everyone else sees it.

#[cfg(test)]
mod continuing;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod cosigning;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod election;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod home;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod mirrors;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod running;
#[cfg(test)]
mod static_copies;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod test_witness;
#[cfg(test)]
mod throughput;
#[cfg(test)]
mod time_evidence;
#[cfg(test)]
mod tls;
#[cfg(test)]
#[allow(dead_code, reason = "shared with unit tests, which use the rest of it")]
mod town;
