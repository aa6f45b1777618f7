//! Where static copies lie: a folder, or a bucket of an S3-compatible store (BRD-45, BRD-47, BRD-49).

use super::Settings;
use object_store::{
    Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload,
    RetryConfig, UpdateVersion,
    aws::{AmazonS3Builder, S3ConditionalPut},
    local::LocalFileSystem,
    path::Path,
};
use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};
use thiserror::Error;
use tlog::record::RecordPath;
use zeroize::Zeroizing;

/// The longest one request to a store may take.
const REQUEST: Duration = Duration::from_secs(60);

/// The store's own attempts at one request; everything beyond them is BRD-46.
const ATTEMPTS: usize = 3;

/// The most bytes of a file that holds a secret key.
const SECRET: u64 = 4096;

/// Why nothing can be published.
#[derive(Debug, Error)]
pub enum DestinationError {
    /// Neither a folder nor a bucket.
    #[error("{0:?} is no place to publish to: expected a folder, file:///folder or s3://bucket/prefix")]
    Address(String),
    /// The folder cannot be made or used.
    #[error("the folder {0} cannot be published into")]
    Folder(PathBuf, #[source] io::Error),
    /// The store's secret key cannot be read.
    #[error("the file {0} with the store's secret key cannot be read")]
    Secret(PathBuf, #[source] io::Error),
    /// The store's secret key lies open.
    #[error("the file {0} with the store's secret key can be read by others than its owner; chmod 600 it")]
    Exposed(PathBuf),
    /// The store's settings do not fit together.
    #[error("the store cannot be used as it is described")]
    Store(#[source] object_store::Error),
}

/// What came of putting a file that is never written over (BRD-42).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Created {
    /// It was not there.
    Written,
    /// It is there, with these bytes.
    Same,
    /// It is there, with other bytes.
    Differs,
}

/// A file as it lies there, with what names its version.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    version: UpdateVersion,
}

/// Where static copies lie.
#[derive(Debug)]
pub(crate) struct Destination {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Objects have content types and cache directives (BRD-47).
    attributes: bool,
    /// How one writer of a checkpoint learns of another (BRD-48).
    conditional: Conditional,
    shown: String,
}

/// Which conditional writes the store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conditional {
    /// Creation only: folders.
    Creation,
    /// Creation, and replacement of a known version.
    Both,
    /// None: what is there is read before.
    Neither,
}

impl Destination {
    /// The place that the settings name; makes the folder.
    pub(crate) fn open(to: &str, settings: &Settings) -> Result<Self, DestinationError> {
        if let Some(rest) = to.strip_prefix("s3://") {
            return Self::bucket(to, rest, settings);
        }
        let path = match to.strip_prefix("file://") {
            Some(path) if path.starts_with('/') => path,
            None if !to.is_empty() && !to.contains("://") => to,
            _ => return Err(DestinationError::Address(to.to_owned())),
        };
        let folder = PathBuf::from(path);
        let failed = |error| DestinationError::Folder(folder.clone(), error);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(DestinationError::Store)?
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self {
            store: Arc::new(store),
            prefix: Path::default(),
            attributes: false,
            conditional: Conditional::Creation,
            shown: folder.display().to_string(),
        })
    }

    fn bucket(to: &str, rest: &str, settings: &Settings) -> Result<Self, DestinationError> {
        let refusal = || DestinationError::Address(to.to_owned());
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() || bucket.contains(['@', ':', '?', '#']) {
            return Err(refusal());
        }
        let prefix = Path::parse(prefix.trim_end_matches('/')).map_err(|_| refusal())?;
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(RetryConfig {
            max_retries: ATTEMPTS,
            retry_timeout: REQUEST,
            ..RetryConfig::default()
        });
        let mut options = ClientOptions::new().with_timeout(REQUEST).with_connect_timeout(Duration::from_secs(10));
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
            options = options.with_allow_http(endpoint.starts_with("http://"));
        }
        builder = builder.with_client_options(options);
        if let Some(region) = &settings.region {
            builder = builder.with_region(region);
        }
        if let Some(access_key) = &settings.access_key_id {
            builder = builder.with_access_key_id(access_key);
        }
        if let Some(path) = &settings.secret_access_key_file {
            builder = builder.with_secret_access_key(secret(path)?.as_str());
        }
        let conditional = if settings.conditional_writes { Conditional::Both } else { Conditional::Neither };
        if conditional == Conditional::Neither {
            builder = builder.with_conditional_put(S3ConditionalPut::Disabled);
        }
        // `reqwest` panics without one; if there is one already, it stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = builder.build().map_err(DestinationError::Store)?;
        Ok(Self { store: Arc::new(store), prefix, attributes: true, conditional, shown: to.to_owned() })
    }

    /// A destination over any store, as a folder behaves.
    #[cfg(test)]
    pub(super) fn over(store: Arc<dyn ObjectStore>) -> Self {
        let (attributes, conditional) = (false, Conditional::Creation);
        Self { store, prefix: Path::default(), attributes, conditional, shown: "a test".to_owned() }
    }

    /// The address of a file of a copy.
    fn place(&self, copy: &str, name: &str) -> Path {
        // Every part is made of letters, digits and dots, which no store writes otherwise.
        let parts = copy.split('/').chain(name.split('/'));
        parts.fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// A file, or `None`; nothing longer than a file of this name can be is read.
    pub(super) async fn read(&self, copy: &str, path: &RecordPath) -> Result<Option<Found>, object_store::Error> {
        let answer = match self.store.get(&self.place(copy, &path.to_string())).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let version = UpdateVersion { e_tag: answer.meta.e_tag.clone(), version: answer.meta.version.clone() };
        let limit = u64::try_from(path.byte_limit()).unwrap_or(u64::MAX);
        // Too long to be right: that it differs is all that matters, and an empty file differs too.
        let bytes = if answer.meta.size > limit { Vec::new() } else { answer.bytes().await?.to_vec() };
        Ok(Some(Found { bytes, version }))
    }

    /// BRD-42: puts a file that is never written over.
    pub(super) async fn create(
        &self,
        copy: &str,
        path: &RecordPath,
        bytes: &[u8],
    ) -> Result<Created, object_store::Error> {
        let mode = if self.conditional == Conditional::Neither {
            if let Some(found) = self.read(copy, path).await? {
                return Ok(Created::of(&found, bytes));
            }
            PutMode::Overwrite
        } else {
            PutMode::Create
        };
        match self.put(copy, path, bytes, mode).await {
            Ok(()) => Ok(Created::Written),
            Err(object_store::Error::AlreadyExists { path: taken, source }) => {
                // Gone between the two questions: whoever asks again will find it out.
                let found = self.read(copy, path).await?;
                let found = found.ok_or(object_store::Error::AlreadyExists { path: taken, source })?;
                Ok(Created::of(&found, bytes))
            }
            Err(error) => Err(error),
        }
    }

    /// BRD-48: puts the checkpoint in the place of the one that was seen last; false if another stands there by now.
    pub(super) async fn replace(
        &self,
        copy: &str,
        seen: Option<&[u8]>,
        bytes: &[u8],
    ) -> Result<bool, object_store::Error> {
        let path = RecordPath::Checkpoint;
        let present = self.read(copy, &path).await?;
        if present.as_ref().map(|found| found.bytes.as_slice()) != seen {
            return Ok(false);
        }
        let mode = match (self.conditional, present) {
            (Conditional::Both, Some(found)) => PutMode::Update(found.version),
            (Conditional::Both | Conditional::Creation, None) => PutMode::Create,
            _ => PutMode::Overwrite,
        };
        match self.put(copy, &path, bytes, mode).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn put(&self, copy: &str, path: &RecordPath, bytes: &[u8], mode: PutMode) -> Result<(), object_store::Error> {
        let mut attributes = Attributes::new();
        if self.attributes {
            let (kind, cache) = match path {
                RecordPath::Checkpoint => ("text/plain; charset=utf-8", "no-cache"),
                RecordPath::Tile(_) => ("application/octet-stream", "public, max-age=31536000, immutable"),
            };
            attributes.insert(Attribute::ContentType, kind.into());
            attributes.insert(Attribute::CacheControl, cache.into());
        }
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let place = self.place(copy, &path.to_string());
        self.store.put_opts(&place, PutPayload::from(bytes.to_vec()), options).await.map(drop)
    }

    /// BRD-43: removes what lies under a name, a folder of partial tiles.
    pub(super) async fn remove_all(&self, copy: &str, folder: &str) -> Result<(), object_store::Error> {
        for object in self.store.list_with_delimiter(Some(&self.place(copy, folder))).await?.objects {
            self.store.delete(&object.location).await?;
        }
        Ok(())
    }
}

impl Created {
    fn of(found: &Found, bytes: &[u8]) -> Self {
        if found.bytes == bytes { Self::Same } else { Self::Differs }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// BRD-49: the store's secret key, out of a file of its own.
fn secret(path: &std::path::Path) -> Result<Zeroizing<String>, DestinationError> {
    let failed = |error| DestinationError::Secret(path.to_owned(), error);
    let file = std::fs::File::open(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(DestinationError::Exposed(path.to_owned()));
        }
    }
    let mut text = Zeroizing::new(String::new());
    io::Read::read_to_string(&mut io::Read::take(file, SECRET), &mut text).map_err(failed)?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}
