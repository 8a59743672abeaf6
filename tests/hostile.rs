//! The reader is total: no bytes make it panic, and what it accepts can be served.
//!
//! Files in `tests/hostile/` are named for their flaw. Most are made
//! (`UPDATE_HOSTILE=1 cargo test --test hostile`); one that a fuzzer finds is added as it
//! is. Each has its expectation here.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the disk")]

#[path = "support/golden.rs"]
mod golden;
#[path = "support/hostile.rs"]
mod hostile;

use golden::GOLDEN;
use hostile::{MADE, Sections, repair, sound, sound_extended, sound_shop, sound_spelt};
use mercer::model::{Column, Model, ModelError, Priors, Section, write};
use mercer::types::{
    Device, Event, EventKind, FieldIx, ItemIx, Moment, Owned, Placement, Request, Scored, Seen,
};
use mercer::{Engine, Session};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What the reader says of a file; `None` where it is accepted.
type Expectation = Option<ModelError>;

/// The files whose header is wrong, or whose transfer was.
fn broken_on_the_way() -> Vec<(&'static str, Expectation)> {
    let truncated = |expected, found| Some(ModelError::Truncated { expected, found });
    let length = sound().len() as u64;
    let surplus = ModelError::TrailingBytes { expected: length, found: length + 1 };
    vec![
        ("empty.bin", Some(ModelError::NotAModel)),
        ("html_instead.html", Some(ModelError::NotAModel)),
        ("line_ends_mended.bin", Some(ModelError::NotAModel)),
        ("magic_alone.bin", truncated(32, 8)),
        ("header_cut.bin", truncated(32, 31)),
        ("truncated.bin", truncated(length, 900)),
        ("trailing_bytes.bin", Some(surplus)),
        ("byte_changed.bin", Some(ModelError::Checksum)),
        ("newer_version.bin", Some(ModelError::Newer { version: 2, supported: 1 })),
    ]
}

/// The files whose table lies.
fn broken_tables() -> Vec<(&'static str, Expectation)> {
    let table = |rule| Some(ModelError::Table(rule));
    let behind = "a section does not follow the one before it";
    vec![
        ("version_zero.bin", table("version 0 or unknown flags")),
        ("unknown_flag.bin", table("version 0 or unknown flags")),
        ("no_sections.bin", Some(ModelError::MissingSection(Section::About))),
        ("too_many_sections.bin", table("too many sections")),
        ("truncated_table.bin", table("the table is cut short")),
        ("table_reserved_set.bin", table(behind)),
        ("overflow_in_length.bin", table("a section leaves the file")),
        ("overflow_in_offset.bin", table(behind)),
        ("sections_overlap.bin", table(behind)),
        ("section_unaligned.bin", table(behind)),
        ("section_twice.bin", table("a section stands in it twice")),
        ("section_missing.bin", Some(ModelError::MissingSection(Section::Encoder))),
        ("unknown_required_section.bin", table("a section of an unknown kind must be understood")),
        ("unknown_optional_section.bin", None),
        ("gap_not_zero.bin", table("a gap between sections is not empty")),
        ("sections_not_covering.bin", table("the sections do not cover the file")),
    ]
}

/// The files with a section that breaks its own rules.
fn broken_sections() -> Vec<(&'static str, Expectation)> {
    let corrupt = |section, rule| Some(ModelError::Corrupt { section, rule });
    let items = |rule| corrupt(Section::Items, rule);
    let vectors = |rule| corrupt(Section::Vectors, rule);
    let biases = |rule| corrupt(Section::Biases, rule);
    let popularity = |rule| corrupt(Section::Popularity, rule);
    let encoder = |rule| corrupt(Section::Encoder, rule);
    let not_16 = "the dimension is not a multiple of 16 up to 512";
    let step = "the step is not a usable weight";
    let steps = "the number of steps is not 1 to 64";
    let unusable = "a number is not a usable weight";
    vec![
        ("about_not_utf8.bin", corrupt(Section::About, "not UTF-8")),
        ("items_empty.bin", items("no count")),
        ("no_items.bin", items("the count does not fit the section")),
        ("huge_item_count.bin", items("the count does not fit the section")),
        ("length_never_ends.bin", items("a length is cut short")),
        ("length_cut.bin", items("a length is cut short")),
        ("lengths_overflow.bin", items("an id is empty or longer than 256 bytes")),
        ("lengths_too_short.bin", items("the lengths do not match the text")),
        ("id_empty.bin", items("an id is empty or longer than 256 bytes")),
        ("lengths_too_long.bin", items("the lengths do not match the text")),
        ("length_splits_character.bin", items("the lengths do not match the text")),
        ("ids_not_utf8.bin", items("not UTF-8")),
        ("ids_unsorted.bin", items("the ids are not in order")),
        ("ids_twice.bin", items("the ids are not in order")),
        ("dim_zero.bin", vectors(not_16)),
        ("dim_not_multiple_of_16.bin", vectors(not_16)),
        ("dim_too_large.bin", vectors(not_16)),
        ("three_bits.bin", vectors("neither 4 nor 8 bits")),
        ("vectors_reserved_set.bin", vectors("a reserved byte is set")),
        ("nibble_minus_eight.bin", vectors("a code is outside its width")),
        ("byte_minus_128.bin", vectors("a code is outside its width")),
        ("vector_missing.bin", vectors("not one vector an item")),
        ("vector_surplus.bin", vectors("not one vector an item")),
        ("bias_step_cut.bin", biases("no step")),
        ("bias_step_zero.bin", biases(step)),
        ("bias_step_nan.bin", biases(step)),
        ("bias_step_infinite.bin", biases(step)),
        ("bias_missing.bin", biases("not one code an item")),
        ("popularity_step_negative.bin", popularity(step)),
        ("popularity_surplus.bin", popularity("not one code an item")),
        ("encoder_empty.bin", encoder("no counts")),
        ("no_steps.bin", encoder(steps)),
        ("too_many_steps.bin", encoder(steps)),
        ("encoder_of_other_dim.bin", encoder("its dimension is not that of the item vectors")),
        ("one_event_kind_more.bin", encoder("not one weight an event kind")),
        ("one_dwell_class_less.bin", encoder("not one weight a dwell class")),
        ("weights_cut.bin", encoder("weights are cut short")),
        ("weights_surplus.bin", encoder("more bytes than weights")),
        ("nan_temperature.bin", encoder(unusable)),
        ("negative_temperature.bin", encoder(unusable)),
        ("zero_temperature.bin", encoder(unusable)),
        ("infinite_position.bin", encoder(unusable)),
        ("weight_too_large.bin", encoder(unusable)),
        ("nan_attention.bin", encoder(unusable)),
    ]
}

/// The files whose neighbours, lengths or fold-in break their rules, or do not go together.
fn broken_extensions() -> Vec<(&'static str, Expectation)> {
    let corrupt = |section, rule| Some(ModelError::Corrupt { section, rule });
    let neighbours = |rule| corrupt(Section::Neighbours, rule);
    let lengths = |rule| corrupt(Section::Lengths, rule);
    let fold_in = |rule| corrupt(Section::FoldIn, rule);
    let step = "the step is not a usable weight";
    let ratio = "the ratio is not a usable weight";
    let steps = "the number of steps is not 1 to 64";
    let unusable = "a number is not a usable weight";
    let missing = |section| Some(ModelError::MissingSection(section));
    vec![
        ("neighbours_empty.bin", neighbours("no counts")),
        ("neighbours_no_steps.bin", neighbours(steps)),
        ("neighbours_too_many_steps.bin", neighbours(steps)),
        ("neighbours_reserved_set.bin", neighbours("a reserved byte is set")),
        ("neighbours_step_zero.bin", neighbours(step)),
        ("reach_negative.bin", neighbours("a reach is negative")),
        ("reach_nan.bin", neighbours(unusable)),
        ("reach_cut.bin", neighbours("weights are cut short")),
        ("neighbour_counts_cut.bin", neighbours("not one count an item")),
        ("neighbour_count_too_large.bin", neighbours("a list is cut short")),
        ("neighbour_gap_never_ends.bin", neighbours("a list is cut short")),
        ("neighbour_beyond_the_items.bin", neighbours("a neighbour is none of the items")),
        ("neighbour_weights_cut.bin", neighbours("not one weight a neighbour")),
        ("neighbours_surplus.bin", neighbours("more bytes than weights")),
        ("lengths_no_step.bin", lengths("no step")),
        ("lengths_step_negative.bin", lengths(step)),
        ("lengths_no_ratio.bin", lengths("no ratio")),
        ("lengths_ratio_negative.bin", lengths(ratio)),
        ("lengths_ratio_nan.bin", lengths(ratio)),
        ("lengths_ratio_too_large.bin", lengths(ratio)),
        ("length_missing.bin", lengths("not one length a vector")),
        ("lengths_surplus.bin", lengths("more bytes than weights")),
        ("fold_in_empty.bin", fold_in("no counts")),
        ("fold_in_no_steps.bin", fold_in(steps)),
        ("fold_in_one_kind_less.bin", fold_in("not one weight an event kind")),
        ("fold_in_of_other_dim.bin", fold_in("its dimension is not that of the item vectors")),
        ("fold_in_half_a_gram.bin", fold_in("neither with nor without a Gram matrix")),
        ("fold_in_zero_temperature.bin", fold_in(unusable)),
        ("fold_in_negative_ridge.bin", fold_in(unusable)),
        ("fold_in_zero_ridge.bin", fold_in(unusable)),
        ("fold_in_infinite_return.bin", fold_in(unusable)),
        ("fold_in_negative_confidence.bin", fold_in("a confidence is negative")),
        ("fold_in_weight_too_large.bin", fold_in(unusable)),
        ("fold_in_nan_gram.bin", fold_in(unusable)),
        ("fold_in_cut.bin", fold_in("weights are cut short")),
        ("fold_in_surplus.bin", fold_in("more bytes than weights")),
        ("encoder_and_fold_in.bin", fold_in("it stands beside an encoder")),
        ("neither_encoder_nor_fold_in.bin", missing(Section::Encoder)),
        ("lengths_without_vectors.bin", missing(Section::Vectors)),
        ("nothing_to_rank_by.bin", missing(Section::Vectors)),
        // Only the solver can tell; the session then says nothing.
        ("gram_not_positive_definite.bin", None),
    ]
}

/// The files whose spelt vectors break their rules.
fn broken_spellings() -> Vec<(&'static str, Expectation)> {
    let spelt = |rule| Some(ModelError::Corrupt { section: Section::Spelt, rule });
    let missing = "not one vector an item";
    vec![
        ("spelt_empty.bin", spelt("no dimension")),
        ("spelt_dim_zero.bin", spelt("the dimension is not a multiple of 16 up to 512")),
        ("spelt_no_width.bin", spelt("no width")),
        ("spelt_no_bits.bin", spelt("not 1 to 3 bits")),
        ("spelt_four_bits.bin", spelt("not 1 to 3 bits")),
        ("spelt_words_cut.bin", spelt("the words are cut short")),
        ("spelt_more_words_than_bytes.bin", spelt("the words are cut short")),
        ("spelt_word_minus_128.bin", spelt("a code is outside its width")),
        ("spelt_code_missing.bin", spelt(missing)),
        ("spelt_surplus.bin", spelt(missing)),
        ("spelt_without_a_word.bin", spelt("a code has no word")),
        ("spelt_beside_vectors.bin", spelt("it stands beside item vectors")),
    ]
}

/// The files whose attributes, signals, companions or priors break their rules.
fn broken_shops() -> Vec<(&'static str, Expectation)> {
    let corrupt = |section, rule| Some(ModelError::Corrupt { section, rule });
    let attributes = |rule| corrupt(Section::Attributes, rule);
    let signals = |rule| corrupt(Section::Signals, rule);
    let companions = |rule| corrupt(Section::Companions, rule);
    let priors = |rule| corrupt(Section::Priors, rule);
    let number = "the number of fields is not 1 to 256";
    let name = "the name of a field is not 1 to 64 bytes long";
    let count = "the count does not fit the section";
    let unusable = "a number is not a usable weight";
    let step = "the step is not a usable weight";
    let nothing = "neither contexts nor a trend";
    vec![
        ("attributes_empty.bin", attributes("no counts")),
        ("attributes_reserved_set.bin", attributes("a reserved byte is set")),
        ("attributes_no_fields.bin", attributes(number)),
        ("attributes_too_many_fields.bin", attributes(number)),
        ("attributes_field_missing.bin", attributes("a field is cut short")),
        ("attributes_of_no_kind.bin", attributes("neither terms nor numbers")),
        ("attributes_no_name.bin", attributes(name)),
        ("attributes_long_name.bin", attributes(name)),
        ("attributes_name_not_utf8.bin", attributes("not UTF-8")),
        ("attributes_twice.bin", attributes("a field stands in it twice")),
        ("attributes_terms_cut.bin", attributes("the terms are cut short")),
        ("attributes_no_terms.bin", attributes(count)),
        ("attributes_terms_unsorted.bin", attributes("the ids are not in order")),
        ("attributes_counts_cut.bin", attributes("not one count an item")),
        ("attributes_huge_count.bin", attributes("a list of terms is cut short")),
        ("attributes_list_cut.bin", attributes("a list of terms is cut short")),
        ("attributes_unknown_term.bin", attributes("a term is none of the field's")),
        ("attributes_unknown_one.bin", attributes("a term is none of the field's")),
        ("attributes_digits.bin", attributes("more than six digits behind the point")),
        ("attributes_values_cut.bin", attributes("not one value an item")),
        ("attributes_value_never_ends.bin", attributes("not one value an item")),
        ("attributes_numbers_cut.bin", attributes("not one number an item")),
        ("attributes_infinite.bin", attributes("a number is infinite")),
        ("attributes_surplus.bin", attributes("more bytes than weights")),
        ("signals_empty.bin", signals("no counts")),
        ("signals_names_cut.bin", signals("the names are cut short")),
        ("signals_none.bin", signals(count)),
        ("signals_unknown.bin", signals("a signal that this engine does not know")),
        ("signals_affinity_of_nothing.bin", signals("a signal that this engine does not know")),
        ("signals_cut.bin", signals("weights are cut short")),
        ("signals_nan.bin", signals(unusable)),
        ("signals_surplus.bin", signals("more bytes than weights")),
        ("companions_no_steps.bin", companions("the number of steps is not 1 to 64")),
        ("companions_beyond_the_items.bin", companions("a neighbour is none of the items")),
        ("companions_surplus.bin", companions("more bytes than weights")),
        ("priors_empty.bin", priors("no counts")),
        ("priors_reserved_set.bin", priors("a reserved byte is set")),
        ("priors_of_nothing.bin", priors(nothing)),
        ("priors_unknown_context.bin", priors(nothing)),
        ("priors_trend_twice.bin", priors(nothing)),
        ("priors_no_categories.bin", priors("no categories")),
        ("priors_categories_cut.bin", priors("the categories are cut short")),
        ("priors_categories_empty.bin", priors(count)),
        ("priors_too_many_categories.bin", priors("more than 255 categories")),
        ("priors_step_zero.bin", priors(step)),
        ("priors_table_cut.bin", priors("a table is cut short")),
        ("priors_trend_step_nan.bin", priors(step)),
        ("priors_trend_cut.bin", priors("a table is cut short")),
        ("priors_surplus.bin", priors("more bytes than weights")),
        // Contexts of categories that no item has: they lift nothing.
        ("priors_without_attributes.bin", None),
    ]
}

/// The files whose content breaks its rules.
fn broken_content() -> Vec<(&'static str, ModelError)> {
    let corrupt = |section, rule| ModelError::Corrupt { section, rule };
    let lexicon = |rule| corrupt(Section::Lexicon, rule);
    let map = |rule| corrupt(Section::ContentMap, rule);
    let dim = "its dimension is not that of the item vectors";
    let reading = |rule| corrupt(Section::Reading, rule);
    let bands = "bands are not at most eight, finite and ascending";
    vec![
        ("lexicon_empty.bin", lexicon("no counts")),
        ("lexicon_of_other_dim.bin", lexicon(dim)),
        ("lexicon_reserved_set.bin", lexicon("a reserved byte is set")),
        ("lexicon_three_bits.bin", lexicon("neither 4 nor 8 bits")),
        ("lexicon_names_cut.bin", lexicon("the names are cut short")),
        ("lexicon_no_features.bin", lexicon("the count does not fit the section")),
        ("lexicon_features_unsorted.bin", lexicon("the ids are not in order")),
        ("lexicon_step_nan.bin", lexicon("the step is not a usable weight")),
        ("lexicon_weights_cut.bin", lexicon("not one weight a feature")),
        ("lexicon_lengths_cut.bin", lexicon("not one length a vector")),
        ("lexicon_vector_missing.bin", lexicon("not one vector a feature")),
        ("lexicon_nibble_minus_eight.bin", lexicon("a code is outside its width")),
        ("lexicon_without_vectors.bin", lexicon(dim)),
        ("map_empty.bin", map("no counts")),
        ("map_of_other_dim.bin", map(dim)),
        ("map_no_input.bin", map("the number of input coordinates is not 1 to 8192")),
        ("map_input_too_large.bin", map("the number of input coordinates is not 1 to 8192")),
        ("map_step_zero.bin", map("the step is not a usable weight")),
        ("map_steps_cut.bin", map("no step")),
        ("map_codes_cut.bin", map("not one code a coordinate")),
        ("map_code_minus_128.bin", map("a code is outside its width")),
        ("map_without_vectors.bin", map(dim)),
        ("reading_empty.bin", reading("no counts")),
        ("reading_levels_not_ascii.bin", reading("a separator is no ASCII")),
        ("reading_no_bands.bin", reading("no bands")),
        ("reading_bands_cut.bin", reading("bands are cut short")),
        ("reading_too_many_bands.bin", reading(bands)),
        ("reading_bands_nan.bin", reading(bands)),
        ("reading_bands_unsorted.bin", reading(bands)),
        ("reading_no_count.bin", reading("no counts")),
        ("reading_too_many_columns.bin", reading("more than 1024 columns")),
        ("reading_column_cut.bin", reading("a column is cut short")),
        ("reading_column_not_utf8.bin", reading("not UTF-8")),
        ("reading_column_of_no_kind.bin", reading("a column of no known kind")),
        ("reading_column_twice.bin", reading("a column stands in it twice")),
        ("reading_surplus.bin", reading("more bytes than weights")),
    ]
}

fn expectations() -> impl Iterator<Item = (&'static str, Expectation)> {
    let content = broken_content().into_iter().map(|(name, error)| (name, Some(error))).collect();
    let all = [
        broken_on_the_way(),
        broken_tables(),
        broken_sections(),
        broken_extensions(),
        broken_shops(),
        broken_spellings(),
        content,
    ];
    all.into_iter().flatten()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile")
}

#[test]
fn hostile_files_are_what_they_are_made_to_be() {
    for (name, make) in MADE {
        let path = folder().join(name);
        if std::env::var_os("UPDATE_HOSTILE").is_some() {
            fs::write(&path, make()).unwrap();
        }
        let found = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(found == make(), "{name} differs from what is made now: `UPDATE_HOSTILE=1`");
    }
}

#[test]
fn each_hostile_file_gets_the_answer_it_deserves() {
    for (name, expected) in expectations() {
        let file = fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Model::read(&file).err(), expected, "{name}");
    }
}

#[test]
fn no_hostile_file_is_without_expectation() {
    // Folders hold finds at other doors; `crates/fuzzing/` replays them.
    let found: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let expected: Vec<&str> = expectations().map(|(name, _)| name).collect();
    let unique: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(unique.len(), expected.len(), "a file has two expectations");
    assert_eq!(found, unique);
}

#[test]
fn taking_a_file_apart_and_putting_it_together_changes_nothing() {
    let golden = (0..GOLDEN.len()).map(golden_file);
    for file in golden.chain([sound(), sound_extended(), sound_shop(), sound_spelt()]) {
        assert!(Sections::of(&file).file() == file);
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    for file in (0..GOLDEN.len()).map(golden_file) {
        for length in 0..file.len() {
            let error = Model::read(&file[..length]).unwrap_err();
            let named = matches!(error, ModelError::NotAModel | ModelError::Truncated { .. });
            assert!(named, "{length} bytes: {error}");
        }
    }
}

#[test]
fn a_cut_file_that_claims_to_be_whole_is_an_error() {
    for file in (0..GOLDEN.len()).map(golden_file) {
        for length in 24..file.len() {
            let mut cut = file[..length].to_vec();
            cut[16..24].copy_from_slice(&(length as u64).to_le_bytes());
            let error = Model::read(&repair(cut)).unwrap_err();
            assert_ne!(error, ModelError::Checksum, "{length} bytes");
        }
    }
}

#[test]
fn no_single_bit_changes_unnoticed() {
    for (which, golden) in GOLDEN.iter().enumerate() {
        let file = golden_file(which);
        for bit in 0..file.len() * 8 {
            assert!(Model::read(&flipped(&file, bit)).is_err(), "{}: bit {bit}", golden.file);
        }
    }
}

#[test]
fn whatever_is_accepted_can_be_served() {
    // Every bit of the smaller files; of the two largest fewer, for time's sake.
    for (which, golden) in GOLDEN.iter().enumerate() {
        let file = golden_file(which);
        let every = match golden.file {
            "wide.mercer" => 7,
            "shop.mercer" => 3,
            _ => 1,
        };
        let mut accepted = 0;
        for bit in (0..file.len() * 8).step_by(every) {
            let changed = repair(flipped(&file, bit));
            if let Ok(engine) = Engine::load(&changed) {
                accepted += 1;
                serve(&engine);
                place(engine.model());
            }
        }
        let name = golden.file;
        assert!(accepted * every > file.len(), "{name}: {accepted} changes reach the sections");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn many_changes_at_once_are_an_error_or_a_model(
        changes in proptest::collection::vec((8_usize..1500, any::<u8>()), 1..12),
    ) {
        let mut file = sound();
        for (at, byte) in changes {
            let at = at % file.len();
            file[at] = byte;
        }
        if let Ok(engine) = Engine::load(&repair(file)) {
            serve(&engine);
        }
    }

    #[test]
    fn many_changes_to_an_extended_file_are_an_error_or_a_model(
        changes in proptest::collection::vec((300_usize..2500, any::<u8>()), 1..6),
    ) {
        let mut file = sound_extended();
        for (at, byte) in changes {
            let at = at % file.len();
            file[at] = byte;
        }
        let file = repair(file);
        if let Ok(engine) = Engine::load(&file) {
            serve(&engine);
            place(engine.model());
        }
    }

    #[test]
    fn many_changes_to_a_shop_are_an_error_or_a_model(
        changes in proptest::collection::vec((250_usize..900, any::<u8>()), 1..6),
    ) {
        let mut file = sound_shop();
        for (at, byte) in changes {
            let at = at % file.len();
            file[at] = byte;
        }
        if let Ok(engine) = Engine::load(&repair(file)) {
            serve(&engine);
        }
    }

    #[test]
    fn any_bytes_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Model::read(&bytes).is_err());
        let mut dressed = b"\x89MERCER\n\x01\0".to_vec();
        dressed.extend(bytes);
        dressed.resize(dressed.len().max(32), 0);
        let length = dressed.len() as u64;
        dressed[16..24].copy_from_slice(&length.to_le_bytes());
        prop_assert!(Model::read(&repair(dressed)).is_err());
    }
}

fn golden_file(which: usize) -> Vec<u8> {
    write(&GOLDEN[which].parts()).unwrap()
}

fn flipped(file: &[u8], bit: usize) -> Vec<u8> {
    let mut file = file.to_vec();
    file[bit / 8] ^= 1 << (bit % 8);
    file
}

/// Products are placed by what the file's content says, at unit length or nowhere.
fn place(model: &Model) {
    let content = model.content();
    let length = |place: &[f32]| place.iter().map(|x| x * x).sum::<f32>().sqrt();
    if let Some(lexicon) = &content.lexicon {
        let features = (0..lexicon.n_features()).map(|at| lexicon.feature(at));
        let place = lexicon.place(features);
        assert!(place.is_none_or(|place| (length(&place) - 1.0).abs() < 1e-3));
    }
    if let Some(map) = &content.map {
        let place = map.place(&vec![1.0; map.input()]);
        assert!(place.is_none_or(|place| (length(&place) - 1.0).abs() < 1e-3));
    }
}

/// What the other sections say is finite, and of the model's own items.
fn ask(model: &Model) {
    let n_items = model.n_items();
    let moment = Moment { hour: Some(3), weekday: Some(6), month: Some(0), ..Moment::default() };
    let moment = Moment { device: Some(Device::Desktop), landing: Some(0), ..moment };
    if let Some(lifts) = model.context_lifts(&moment) {
        assert!(lifts.len() == n_items && lifts.iter().all(|lift| lift.is_finite()));
    }
    let trend = model.priors().map_or(&[][..], Priors::trend);
    assert!(trend.iter().all(|trend| trend.is_finite()));
    assert!(model.newcomer_bias().is_finite());
    for item in (0..).take(n_items).map(ItemIx) {
        let lists = model.companions().into_iter().flat_map(|lists| lists.of(item));
        assert!(lists.into_iter().all(|(item, weight)| item.at() < n_items && weight >= 0.0));
    }
    for field in (0..).map(FieldIx).take(model.attributes().names().count()) {
        match model.attributes().column(field).unwrap() {
            Column::Numbers(numbers) => assert_eq!(numbers.len(), n_items),
            Column::Terms(terms) => {
                let lists = (0..).take(n_items).flat_map(|ix| terms.of(ItemIx(ix)));
                assert!(lists.into_iter().all(|&term| !terms.name(term).is_empty()));
            }
        }
    }
}

/// Every placement, with a session of four steps: full slates, finite scores, best first.
fn serve(engine: &Engine) {
    let model = engine.model();
    let mut session = Session::new();
    let last = ItemIx::from_usize(model.n_items() - 1);
    let ids = [ItemIx(0), last, ItemIx(1), last];
    for (id, time_ms) in ids.map(|item| model.item_id(item)).into_iter().zip(0..) {
        let event = Event { time_ms, ..Event::new(EventKind::ViewItem, id) };
        // Ids that no session takes (none, or of more than 256 bytes) are still an item's.
        let _ = session.observe(event);
    }
    ask(model);
    for placement in Placement::ALL {
        let (seen, owned) = (Seen::Include, Owned::Include);
        let listed = (0..).take(model.n_items()).map(ItemIx).collect();
        let request = Request { placement, listed, count: 7, seen, owned, ..Request::default() };
        let slate = engine.recommend(&session, &request);
        if placement != Placement::RecentlyViewed {
            assert_eq!(slate.items.len(), model.n_items().min(7));
        }
        assert!(slate.items.iter().all(|scored| scored.score.is_finite()));
        // What a fallback fills in stands behind, whatever its score.
        let is_one_list = matches!(placement, Placement::Home | Placement::Popular);
        let ordered = |pair: &[Scored]| pair[0].score >= pair[1].score;
        assert!(!is_one_list || slate.items.windows(2).all(ordered));
    }
}
