//! Stores that fail at the nth call, copies that somebody changed, databases that were set back, and a second writer.

use super::*;
use futures_util::{StreamExt as _, stream::BoxStream};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, PutMultipartOptions,
    PutOptions, PutResult, Result,
};
use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

/// When a call fails: before it had any effect, or after all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Before,
    After,
}

/// A store whose calls fail from the nth on.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) inner: Arc<dyn ObjectStore>,
    calls: AtomicUsize,
    plan: Mutex<Option<(usize, Flavour)>>,
}

impl Failing {
    pub(super) fn new(inner: Arc<dyn ObjectStore>) -> Arc<Self> {
        Arc::new(Self { inner, calls: AtomicUsize::new(0), plan: Mutex::default() })
    }

    pub(super) fn fail_from(&self, call: usize, flavour: Flavour) {
        self.calls.store(0, Ordering::SeqCst);
        *self.plan.lock().unwrap() = Some((call, flavour));
    }

    pub(super) fn heal(&self) {
        *self.plan.lock().unwrap() = None;
    }

    async fn call<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let plan = *self.plan.lock().unwrap();
        let failure = || Error::Generic { store: "test", source: "the store is away".into() };
        match plan {
            Some((first, Flavour::Before)) if number >= first => Err(failure()),
            // The first that fails has its effect; those after it come too late.
            Some((first, Flavour::After)) if number == first => {
                let _ = work.await;
                Err(failure())
            }
            Some((first, Flavour::After)) if number > first => Err(failure()),
            _ => work.await,
        }
    }
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failing")
    }
}

#[async_trait]
impl ObjectStore for Failing {
    async fn put_opts(&self, location: &Place, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.call(self.inner.put_opts(location, payload, opts)).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Place,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Place, options: GetOptions) -> Result<GetResult> {
        self.call(self.inner.get_opts(location, options)).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Place>>) -> BoxStream<'static, Result<Place>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Place>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Place>) -> Result<ListResult> {
        self.call(self.inner.list_with_delimiter(prefix)).await
    }

    async fn copy_opts(&self, from: &Place, to: &Place, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

/// Every file that lies in a store, with its bytes.
pub(super) async fn everything(store: &dyn ObjectStore) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut listed = store.list(None);
    while let Some(object) = listed.next().await {
        let location = object.unwrap().location;
        files.insert(location.to_string(), store.get(&location).await.unwrap().bytes().await.unwrap().to_vec());
    }
    files
}

/// BRD-41, BRD-46: cut off at any call, before or after it had its effect, the copy stays whole, and the next start finishes it.
#[tokio::test]
async fn an_interruption_at_any_call_leaves_a_whole_copy() {
    for flavour in [Flavour::Before, Flavour::After] {
        for call in 0.. {
            let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            let shelf = Shelf::new(200);
            copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
            shelf.grow(400);
            let failing = Failing::new(memory.clone());
            failing.fail_from(call, flavour);
            let outcome = copy(Destination::over(failing.clone()), &shelf).bring_up_to_date().await;
            let size = whole(&*memory, &shelf).await;
            assert!(size == 200 || size == 600, "{size} after {call} calls");
            copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
            assert_eq!(whole(&*memory, &shelf).await, 600);
            if failing.calls.load(Ordering::SeqCst) <= call {
                outcome.unwrap();
                assert!(call > 10, "there were calls to interrupt");
                break;
            }
            // The last calls only tidy up, which may fail.
            assert!(outcome.is_err() || size == 600, "the failure of call {call} shows");
        }
    }
}

/// BRD-42, THR-48: a file of the copy that somebody changed, or put where one is to come, is reported and not touched, and nothing is published over it.
#[tokio::test]
async fn a_changed_file_is_an_alarm_and_stays() {
    for (name, grown) in
        [("tile/entries/000", 300), ("tile/0/000", 300), ("tile/0/001.p/44", 300), ("tile/0/001.p/54", 310)]
    {
        let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let shelf = Shelf::new(300);
        copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
        put(&*memory, name, b"something else").await;
        let before = everything(&*memory).await;
        shelf.grow(10);
        let mut again = copy(Destination::over(memory.clone()), &shelf);
        for _ in 0..2 {
            let fault = again.bring_up_to_date().await.unwrap_err();
            assert!(matches!(&fault, Fault::Damaged(path) if path.to_string() == name), "{fault}");
            assert!(fault.is_alarm());
        }
        let mut after = everything(&*memory).await;
        after.retain(|path, _| before.contains_key(path));
        assert_eq!(after, before, "{name} of {grown}: nothing that was there has changed");
        // Once somebody has looked and removed it, the copy goes on by itself.
        memory.delete(&place(name)).await.unwrap();
        again.bring_up_to_date().await.unwrap();
        assert_eq!(whole(&*memory, &shelf).await, 310);
    }
}

/// BRD-44: a file that is gone is put back when the board starts.
#[tokio::test]
async fn a_lost_file_is_written_again() {
    let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::new(300);
    copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
    memory.delete(&place("tile/entries/000")).await.unwrap();
    copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
    assert_eq!(whole(&*memory, &shelf).await, 300);
}

/// BRD-44, THR-49: a database that was set back, or exchanged, does not go over what was published.
#[tokio::test]
async fn a_database_that_contradicts_the_copy_publishes_nothing() {
    let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::new(300);
    copy(Destination::over(memory.clone()), &shelf).bring_up_to_date().await.unwrap();
    let before = everything(&*memory).await;

    let set_back = Shelf::new(299);
    let fault = copy(Destination::over(memory.clone()), &set_back).bring_up_to_date().await.unwrap_err();
    assert!(matches!(fault, Fault::SetBack { copy: 300, log: 299 }) && fault.is_alarm(), "{fault}");

    let other = Shelf::new(250);
    other.grow_by(60, "another entry");
    let fault = copy(Destination::over(memory.clone()), &other).bring_up_to_date().await.unwrap_err();
    assert!(matches!(fault, Fault::OtherHistory { size: 300, .. }) && fault.is_alarm(), "{fault}");

    let mut foreign = Shelf::new(400);
    Arc::get_mut(&mut foreign).unwrap().key = [2; 32];
    let fault = copy(Destination::over(memory.clone()), &foreign).bring_up_to_date().await.unwrap_err();
    assert!(matches!(fault, Fault::Foreign(_)) && fault.is_alarm(), "{fault}");

    assert_eq!(everything(&*memory).await, before);
}

/// BRD-41: a log whose newest cosignatures are not there yet does not set the copy back; a later note of the same size replaces it.
#[tokio::test]
async fn the_checkpoint_never_becomes_smaller() {
    #[derive(Debug)]
    struct Lagging(Arc<Shelf>, Mutex<Option<(u64, String)>>);
    #[async_trait]
    impl Source for Lagging {
        fn leads(&self) -> bool {
            true
        }
        fn checkpoint(&self) -> Option<(u64, String)> {
            self.1.lock().unwrap().clone()
        }
        fn size(&self) -> u64 {
            self.0.size()
        }
        fn root_at(&self, size: u64) -> Option<Hash> {
            self.0.root_at(size)
        }
        async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.file(path).await
        }
        fn changes(&self) -> watch::Receiver<(u64, u64)> {
            self.0.changes()
        }
    }
    let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::new(100);
    let early = shelf.checkpoint();
    shelf.grow(100);
    let lagging = Arc::new(Lagging(shelf.clone(), Mutex::new(None)));
    let destination = Arc::new(Destination::over(memory.clone()));
    let mut copy = StaticCopy::new(destination, ELECTION, shelf.signer().verifier_key(), lagging.clone());
    copy.bring_up_to_date().await.unwrap();
    assert!(everything(&*memory).await.is_empty(), "no checkpoint meets the policy yet: nothing is published");
    let (size, note) = shelf.checkpoint().unwrap();
    *lagging.1.lock().unwrap() = Some((size, note.clone()));
    copy.bring_up_to_date().await.unwrap();
    *lagging.1.lock().unwrap() = early;
    copy.bring_up_to_date().await.unwrap();
    assert_eq!(get(&*memory, "checkpoint").await, Some(note.clone().into_bytes()));
    let cosigned = format!("{note}— witness.example AAAAAAAA\n");
    *lagging.1.lock().unwrap() = Some((size, cosigned.clone()));
    copy.bring_up_to_date().await.unwrap();
    assert_eq!(get(&*memory, "checkpoint").await, Some(cosigned.into_bytes()));
}

/// BRD-48: of two writers, the one that was overtaken notices it, and takes the copy up anew.
#[tokio::test]
async fn a_second_writer_is_noticed() {
    let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::new(10);
    let mut one = copy(Destination::over(memory.clone()), &shelf);
    let mut two = copy(Destination::over(memory.clone()), &shelf);
    one.bring_up_to_date().await.unwrap();
    two.bring_up_to_date().await.unwrap();
    shelf.grow(10);
    one.bring_up_to_date().await.unwrap();
    shelf.grow(10);
    let fault = two.bring_up_to_date().await.unwrap_err();
    assert!(matches!(fault, Fault::Moved) && !fault.is_alarm(), "{fault}");
    assert_eq!(whole(&*memory, &shelf).await, 20);
    two.bring_up_to_date().await.unwrap();
    assert_eq!(whole(&*memory, &shelf).await, 30);
    // Of several processes of one board only the one that leads publishes; a following one that is behind accuses nobody.
    let behind = Shelf::new(5);
    behind.follows.store(true, Ordering::SeqCst);
    copy(Destination::over(memory.clone()), &behind).bring_up_to_date().await.unwrap();
    assert_eq!(whole(&*memory, &shelf).await, 30);
}
