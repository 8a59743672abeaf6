//! A model file taken apart and put together, so that mutations get past its header.

use std::ops::Range;

const MAGIC: &[u8; 8] = b"\x89MERCER\n";
const N_SECTIONS: Range<usize> = 10..12;
const LENGTH: Range<usize> = 16..24;
const CHECKSUM: Range<usize> = 24..32;
const TABLE: usize = 32;
const ENTRY_BYTES: usize = 24;
/// Sections begin at a multiple of this.
const ALIGNMENT: usize = 8;

/// The file with magic, length and checksum as they have to be.
pub(crate) fn repaired(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    if file.len() < TABLE {
        return file;
    }
    file[..MAGIC.len()].copy_from_slice(MAGIC);
    let length = file.len() as u64;
    file[LENGTH].copy_from_slice(&length.to_le_bytes());
    let mut rest = file.clone();
    rest.drain(CHECKSUM);
    let sum = xxhash_rust::xxh64::xxh64(&rest, 0);
    file[CHECKSUM].copy_from_slice(&sum.to_le_bytes());
    file
}

/// Where the sections lie, if the table can be followed at all.
fn sections(file: &[u8]) -> Option<Vec<Range<usize>>> {
    let n = usize::from(u16::from_le_bytes(file.get(N_SECTIONS)?.try_into().ok()?));
    (0..n).map(|entry| section(file, TABLE + entry * ENTRY_BYTES)).collect()
}

fn section(file: &[u8], at: usize) -> Option<Range<usize>> {
    let number = |at: usize| {
        let bytes: [u8; 8] = file.get(at..at + 8)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    };
    let (start, length) = (number(at + 8)?, number(at + 16)?);
    let range = start..start.checked_add(length)?;
    file.get(range.clone()).map(|_| range)
}

/// Changes one section, of whatever length it then is, and lays out the others anew around it.
/// A file that cannot be taken apart stays as it is.
pub(crate) fn change_section(
    file: &mut Vec<u8>,
    choose: impl FnOnce(usize) -> usize,
    change: impl FnOnce(&mut Vec<u8>),
) {
    let Some(sections) = sections(file).filter(|sections| !sections.is_empty()) else { return };
    let chosen = choose(sections.len());
    let mut bodies: Vec<Vec<u8>> = sections.into_iter().map(|range| file[range].to_vec()).collect();
    change(&mut bodies[chosen]);
    file.truncate(TABLE + bodies.len() * ENTRY_BYTES);
    for (entry, body) in bodies.iter().enumerate() {
        file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
        let at = TABLE + entry * ENTRY_BYTES;
        let (start, length) = (file.len() as u64, body.len() as u64);
        file[at + 8..at + 16].copy_from_slice(&start.to_le_bytes());
        file[at + 16..at + 24].copy_from_slice(&length.to_le_bytes());
        file.extend(body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::model::Model;

    const SMALL: &[u8] = include_bytes!("../../../tests/golden/small.mercer");

    #[test]
    fn a_sound_file_is_laid_out_as_it_was() {
        let mut file = SMALL.to_vec();
        change_section(&mut file, |_| 0, |_| {});
        assert!(repaired(&file) == SMALL);
    }

    #[test]
    fn a_longer_section_gets_past_the_header() {
        let mut file = SMALL.to_vec();
        change_section(&mut file, |_| 0, |about| about.extend(b"  "));
        assert!(Model::read(&file).is_err());
        assert!(Model::read(&repaired(&file)).unwrap().about().ends_with("  "));
    }
}
