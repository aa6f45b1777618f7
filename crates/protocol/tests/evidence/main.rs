//! Evidence: what convicts whom, and that nothing less does (EVD-1 to EVD-12).

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod world;
