//! The client against servers of our making: honest, lying, slow and gone.

#[cfg(test)]
mod clock;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod promise;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod server;
