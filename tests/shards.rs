//! A model in pieces serves like the whole: what has joined scores the same to the last bit, and
//! no bytes make a shard do harm.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the disk")]

#[path = "support/golden.rs"]
mod golden;
#[path = "support/shards.rs"]
mod shards;

use golden::{Family, GOLDEN};
use mercer::model::{
    DirectoryParts, Model, ModelError, NewItem, Section, Shard, Source, Value, write,
};
use mercer::types::{Device, Event, EventKind, ItemIx, Moment, Owned, Placement, Request, Seen};
use mercer::{Engine, Session, Wanted};
use shards::{Form, Pieces, cut, n_elsewhere};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Those that can be sharded without leaving lists of items behind.
fn sharded() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let whole = [Family::Lists, Family::Blend, Family::Shop];
    let rest = GOLDEN.into_iter().filter(move |golden| !whole.contains(&golden.family));
    rest.map(|golden| (golden.file, write(&golden.parts()).unwrap()))
}

/// The one with attributes, signals and priors; its lists of companions stay behind.
fn shop() -> Vec<u8> {
    write(&GOLDEN[5].parts()).unwrap()
}

fn session(model: &Model, seen: &[usize]) -> Session {
    let mut session = Session::new();
    for (&at, kind) in seen.iter().zip([EventKind::ViewItem, EventKind::AddToCart].iter().cycle()) {
        let id = model.item_id(ItemIx::from_usize(at));
        session.observe(Event::new(*kind, id)).unwrap();
    }
    session
}

fn request(placement: Placement) -> Request {
    let moment = Moment { hour: Some(20), device: Some(Device::Phone), ..Moment::default() };
    let (seen, owned) = (Seen::Include, Owned::Include);
    Request { placement, count: 60, seen, owned, moment, ..Request::default() }
}

/// Scores by id, to the last bit.
fn scores(engine: &Engine, session: &Session, request: &Request) -> BTreeMap<String, u32> {
    let slate = engine.recommend(session, request);
    let score = |one: &mercer::types::Scored| {
        (engine.model().item_id(one.item).to_owned(), one.score.to_bits())
    };
    slate.items.iter().map(score).collect()
}

#[test]
fn what_has_joined_scores_as_in_the_whole_file() {
    let files = || sharded().chain([("shop", shop())]);
    let forms = [Form::Centroids, Form::Homes].into_iter();
    for ((name, file), form) in forms.flat_map(|form| files().map(move |file| (file, form))) {
        let whole = Engine::load(&file).unwrap();
        let Pieces { root, group, lookups } = cut(&file, form);
        let mut engine = Engine::load(&root).unwrap();
        assert_eq!(engine.model().n_items(), 20);
        let n_first = engine.join(&lookups[0]).unwrap();
        let n_rest = engine.join(&group).unwrap();
        assert_eq!(n_first + n_rest, n_elsewhere(whole.model()), "{name}: nothing comes twice");
        assert!(n_first > 0 && n_rest > 0);
        assert_eq!((engine.join(&lookups[1]), engine.join(&group)), (Ok(0), Ok(0)), "{name}");
        for seen in [&[][..], &[1], &[4, 9, 31, 4]] {
            let session = session(whole.model(), seen);
            for placement in [Placement::Home, Placement::Popular, Placement::Trending] {
                let request = request(placement);
                let (ours, theirs) =
                    (scores(&engine, &session, &request), scores(&whole, &session, &request));
                assert_eq!(ours.len(), 60);
                assert_eq!(ours, theirs, "{name}, {placement:?} after {seen:?}");
            }
        }
    }
}

/// The pieces of the shop, named as a server has them.
fn named(form: Form) -> Vec<(String, Vec<u8>)> {
    let Pieces { root, group, lookups: [first, second] } = cut(&shop(), form);
    let model = Model::read(&root).unwrap();
    let name = |shard| model.directory().unwrap().file(shard).unwrap();
    let names = [Shard::Group(0), Shard::Lookup(0), Shard::Lookup(1)].map(name);
    let names = std::iter::once("root.mercer".to_owned()).chain(names);
    names.zip([root, group, first, second]).collect()
}

/// The golden folders, and the checksum of the root of each.
const FOLDERS: [(&str, Form, u64); 2] = [
    ("tests/golden/shards", Form::Centroids, 15_204_587_672_648_038_376),
    ("tests/golden/homes", Form::Homes, 12_343_774_091_546_833_888),
];

/// They are never rewritten: shops have such files on their servers.
#[test]
fn golden_pieces_are_written_and_read_for_ever() {
    for (folder, form, sum) in FOLDERS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let named = named(form);
        for (name, bytes) in &named {
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join(name), bytes).unwrap();
            }
            assert!(fs::read(folder.join(name)).unwrap() == *bytes, "{name} is written anew");
        }
        let root = xxhash_rust::xxh64::xxh64(&named[0].1, 0);
        assert_eq!(root, sum, "it names the rest by their hashes");
    }
}

#[test]
fn the_root_serves_alone_and_asks_for_what_the_session_is_about() {
    for form in [Form::Centroids, Form::Homes] {
        asks_for_what_the_session_is_about(form);
    }
}

fn asks_for_what_the_session_is_about(form: Form) {
    let file = shop();
    let (whole, pieces) = (Model::read(&file).unwrap(), cut(&file, form));
    let mut engine = Engine::load(&pieces.root).unwrap();
    assert_eq!(engine.wanted(&Session::new()), Wanted::default(), "a stranger wants nothing more");
    let session = session(&whole, &[1]);
    let id = whole.item_id(ItemIx(1));
    let lookup = engine.model().directory().unwrap().lookup(id);
    let first = engine.wanted(&session);
    assert_eq!(first, Wanted { lookups: vec![lookup], group: None }, "{id} is not in the root");
    let Shard::Lookup(number) = lookup else { panic!("{lookup:?}") };
    engine.join(&pieces.lookups[number as usize]).unwrap();
    let second = engine.wanted(&session);
    assert_eq!(second, Wanted { lookups: vec![], group: Some(Shard::Group(0)) });
    engine.join(&pieces.group).unwrap();
    assert_eq!(engine.wanted(&session), Wanted::default());
    let mut stranger = Session::new();
    let fresh = |id: &&&str| {
        let lookup = engine.model().directory().unwrap().lookup(id);
        !engine.model().has_joined(lookup)
    };
    let id = ["x", "y", "z", "in no file"].iter().find(fresh).unwrap();
    stranger.observe(Event::new(EventKind::ViewItem, id)).unwrap();
    let Wanted { lookups, .. } = engine.wanted(&stranger);
    for lookup in &pieces.lookups {
        engine.join(lookup).unwrap();
    }
    assert_eq!((lookups.len(), engine.wanted(&stranger)), (1, Wanted::default()), "asked for once");
    let whole = Engine::load(&file).unwrap();
    assert_eq!(whole.wanted(&session), Wanted::default(), "a whole model has it all");
}

/// Two groups, told apart by whether an item's number is even; both hold every item.
#[test]
fn items_send_for_the_group_they_name_the_most_like_first() {
    let file = shop();
    let source = Source::read(&file).unwrap();
    let n_items = source.model().n_items();
    let homes = (0..n_items).map(|at| u16::from(at % 2 == 1)).collect();
    let source = source.with_homes(homes);
    let kept: Vec<ItemIx> = (0..n_items - 1).map(ItemIx::from_usize).collect();
    let rest = [ItemIx::from_usize(n_items - 1)];
    let parts = DirectoryParts {
        covers: vec![8, 9],
        hashes: vec![[7; 16]; 3],
        ..DirectoryParts::default()
    };
    let mut engine = Engine::load(&source.root(&kept, &parts, &[])).unwrap();
    let groups = [0, 1].map(|number| source.shard(&rest, 0, Shard::Group(number)));
    for at in [4, 9] {
        let session = session(engine.model(), &[at]);
        let own = Shard::Group(u32::from(at % 2 == 1));
        assert_eq!(engine.wanted(&session).group, Some(own), "what it is on is most like it");
    }
    let session = session(engine.model(), &[4]);
    let new = NewItem { id: "new".to_owned(), ..NewItem::default() };
    engine.change(|model| model.add(&new)).unwrap();
    engine.join(&groups[0]).unwrap();
    let model = engine.model();
    let home = |id: &str| model.home(model.item_ix(id).unwrap());
    let last = source.model().item_id(rest[0]);
    assert_eq!((home("new"), home(last)), (None, Some(Shard::Group(1))), "one came in between");
    assert_eq!(engine.wanted(&session).group, Some(Shard::Group(1)), "then the next");
    engine.join(&groups[1]).unwrap();
    assert_eq!(engine.wanted(&session).group, None);
}

#[test]
fn a_directory_of_groups_keeps_to_its_rules() {
    let file = shop();
    let source = Source::read(&file).unwrap();
    let n_items = source.model().n_items();
    let rows = [ItemIx(0), ItemIx(1)];
    let read = |home: u16, covers: Vec<u8>, n_hashes: usize| {
        let source = Source::read(&file).unwrap().with_homes(vec![home; n_items]);
        let hashes = vec![[7; 16]; n_hashes];
        let parts = DirectoryParts { covers, hashes, ..DirectoryParts::default() };
        Model::read(&source.root(&rows, &parts, &[])).map(|model| model.n_items())
    };
    let refused = |section, rule| Err(ModelError::Corrupt { section, rule });
    assert_eq!(read(0, vec![8], 2), Ok(2));
    let narrow = refused(Section::Groups, "a group has fewer than eight clusters");
    assert_eq!(read(0, vec![8, 7], 3), narrow);
    assert_eq!(read(0, vec![], 1), narrow);
    assert_eq!(read(0, vec![8], 1), refused(Section::Groups, "not one hash a shard"));
    assert_eq!(read(1, vec![8], 2), refused(Section::Homes, "a home is no group"));
}

#[test]
fn products_of_the_page_and_of_shards_live_side_by_side() {
    let pieces = cut(&shop(), Form::Homes);
    let mut engine = Engine::load(&pieces.root).unwrap();
    let product = |id: &str, brand: &str| NewItem {
        id: id.to_owned(),
        fields: vec![("brand".to_owned(), Value::Text(brand.to_owned()))],
        ..NewItem::default()
    };
    engine.change(|model| model.add(&product("new", "Acme"))).unwrap();
    let n_items = engine.model().n_items();
    engine.join(&pieces.group).unwrap();
    let joined = ItemIx::from_usize(n_items + 3);
    let id = engine.model().item_id(joined).to_owned();
    let row = engine.model().factors().unwrap().row(joined).to_vec();
    engine.change(|model| model.add(&product(&id, "Acme"))).unwrap();
    let model = engine.model();
    assert_eq!(model.factors().unwrap().row(joined), row, "what has joined stands where it stood");
    let brands = model.attributes().terms("brand").unwrap();
    let acme = brands.find("Acme").unwrap();
    assert!(brands.has(joined, acme) && brands.has(model.item_ix("new").unwrap(), acme));
    assert_eq!(model.attributes().numbers("price").unwrap().len(), model.n_items());
}

#[test]
fn shards_of_other_models_and_other_files_are_refused() {
    let refused = |rule| Err(ModelError::Corrupt { section: Section::Shard, rule });
    let pieces = cut(&shop(), Form::Homes);
    let mut engine = Engine::load(&pieces.root).unwrap();
    let files: Vec<Vec<u8>> = sharded().map(|(_, file)| file).collect();
    assert_eq!(engine.join(&files[0]), Err(ModelError::MissingSection(Section::Shard)));
    assert_eq!(engine.join(&pieces.group[..99]).unwrap_err().code(), "model/truncated");
    assert_eq!(engine.join(b"<html>"), Err(ModelError::NotAModel));
    let other = |number, set| {
        let file = shop();
        let source = Source::read(&file).unwrap();
        source.shard(&[ItemIx(1)], set, Shard::Group(number))
    };
    assert_eq!(engine.join(&other(0, 1)), refused("it is a shard of another model"));
    assert_eq!(engine.join(&other(1, shards::SET)), refused("the directory has no such shard"));
    let wide = cut(&files[1], Form::Homes);
    assert_eq!(engine.join(&wide.group), refused("its vectors are not those of the root"));
    let mut whole = Engine::load(&files[0]).unwrap();
    assert_eq!(whole.join(&pieces.group), refused("the model has no directory of shards"));
    let joined = [Shard::Group(0), Shard::Lookup(0), Shard::Lookup(1)];
    assert!(joined.iter().all(|shard| !engine.model().has_joined(*shard)));
    assert_eq!(engine.model().n_items(), 20, "what is refused changes nothing");
    let alone = Model::read(&pieces.group).map(|_| 0);
    assert_eq!(alone, refused("it stands in a shard; load the root"));
    assert!(Source::read(&pieces.root).is_err(), "a root is cut once");
}

#[test]
fn every_bit_of_a_shard_and_of_a_root_can_flip() {
    for form in [Form::Centroids, Form::Homes] {
        every_bit_can_flip(&cut(&shop(), form));
    }
}

fn every_bit_can_flip(pieces: &Pieces) {
    let root = Engine::load(&pieces.root).unwrap();
    let mut session = Session::new();
    session.observe(Event::new(EventKind::ViewItem, root.model().item_id(ItemIx(0)))).unwrap();
    let serve = |engine: &Engine| {
        let _ = engine.wanted(&session);
        let slate = engine.recommend(&session, &request(Placement::Home));
        assert!(slate.items.iter().all(|one| one.score.is_finite()));
        let Some(directory) = engine.model().directory() else { return };
        assert!(directory.hash(Shard::Group(0)).is_some());
        assert!(directory.n_shards() < 1 << 17);
    };
    let mut accepted = [0; 2];
    for (which, file) in [&pieces.group, &pieces.root].into_iter().enumerate() {
        for bit in 32 * 8..file.len() * 8 {
            let mut changed = file.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Model::read(&changed).is_err() && root.clone().join(&changed).is_err());
            golden_checksum(&mut changed);
            let mut engine = root.clone();
            let sound = if which == 0 {
                engine.join(&changed).is_ok()
            } else {
                Engine::load(&changed).map(|changed| engine = changed).is_ok()
            };
            accepted[which] += usize::from(sound);
            if sound {
                serve(&engine);
            }
        }
    }
    assert!(accepted.iter().all(|&n| n > 4000), "{accepted:?} changes reach the sections");
}

/// Mends the checksum of a file.
fn golden_checksum(file: &mut [u8]) {
    let mut hash = xxhash_rust::xxh64::Xxh64::new(0);
    hash.update(&file[..24]);
    hash.update(&file[32..]);
    let sum = hash.digest().to_le_bytes();
    file[24..32].copy_from_slice(&sum);
}
