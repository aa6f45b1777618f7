//! Evidence: what convicts whom, and that nothing less does (EVD-1 to EVD-12, EVD-16 to EVD-18).

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod trustees;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod world;
