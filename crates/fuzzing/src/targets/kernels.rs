use crate::said::Said;
use mercer::kernels::{
    CodeWidth, Scan, TopK, dot, dots, inverse_norm, pack_nibbles, quantise, quantise_along,
    unpack_nibbles,
};

/// Vectors have a multiple of so many dimensions.
const LANES: usize = 16;

/// What the kernels say is what three lines say, whatever the numbers are.
pub(super) fn run(bytes: &[u8]) {
    let mut said = Said::new(bytes);
    let dim = LANES * (1 + usize::from(said.byte() % 8));
    let k = usize::from(said.byte() % 24);
    let scale = f32::from_le_bytes(said.array());
    let mut rest = Vec::new();
    while !said.is_over() {
        rest.push(said.byte());
    }
    let codes: Vec<i8> = rest.iter().map(|byte| byte.cast_signed()).collect();
    nibbles(&rest);
    floats(&rest);
    if let Some((query, rows)) = codes.split_at_checked(dim) {
        products(query, &rows[..rows.len() / dim * dim]);
        scans(query, &rows[..rows.len() / dim * dim], scale);
    }
    let scores = rest.as_chunks::<4>().0;
    selections(&scores.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect::<Vec<_>>(), k);
    selections(&rest.iter().map(|byte| f32::from(byte % 5)).collect::<Vec<_>>(), k);
}

fn naive_dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// Four bits of two's complement, spelt out.
fn naive_code(nibble: u8) -> i8 {
    let value = nibble.cast_signed();
    if value > 7 { value - 16 } else { value }
}

fn nibbles(bytes: &[u8]) {
    let mut codes = Vec::new();
    unpack_nibbles(bytes, &mut codes);
    let naive = bytes.iter().flat_map(|byte| [naive_code(byte & 15), naive_code(byte >> 4)]);
    assert!(codes.iter().copied().eq(naive), "four bits are unpacked wrong");
    assert!(pack_nibbles(&codes) == bytes, "four bits are packed wrong");
    let codes = &codes[..codes.len() / LANES * LANES];
    let (a, b) = codes.split_at(codes.len() / (2 * LANES) * LANES);
    let b = &b[..a.len()];
    assert_eq!(dot(a, b), naive_dot(a, b), "codes of four bits are multiplied wrong");
}

fn products(query: &[i8], rows: &[i8]) {
    let naive: Vec<i32> = rows.chunks(query.len()).map(|row| naive_dot(query, row)).collect();
    assert_eq!(dots(query, rows), naive, "a scan is wrong");
}

#[expect(clippy::cast_precision_loss, reason = "as in the kernel: below 2^24")]
fn scans(query: &[i8], rows: &[i8], scale: f32) {
    let scales: Vec<f32> = rows.chunks(query.len()).map(inverse_norm).collect();
    let mut sums = vec![0.25; scales.len()];
    Scan::new(query, scale, CodeWidth::Eight).add(rows, &scales, &mut sums);
    for ((row, factor), sum) in rows.chunks(query.len()).zip(&scales).zip(&sums) {
        let naive = 0.25 + naive_dot(query, row) as f32 * factor * scale;
        let same = sum.to_bits() == naive.to_bits() || (sum.is_nan() && naive.is_nan());
        assert!(same, "a scan says {sum}, its formula {naive}");
    }
}

/// Any floats, infinite ones among them, become codes of their width.
fn floats(bytes: &[u8]) {
    let vector: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    for width in [CodeWidth::Four, CodeWidth::Eight] {
        let limit = width.limit();
        let inside = |codes: &[i8]| codes.iter().all(|code| (-limit..=limit).contains(code));
        let codes = quantise(&vector, limit, 1.0);
        assert!(codes.len() == vector.len() && inside(&codes), "{codes:?} of {vector:?}");
        assert!(inside(&quantise_along(&vector, width)), "{vector:?}");
        assert!(inverse_norm(&codes).is_finite());
    }
}

fn selections(scores: &[f32], k: usize) {
    let mut top = TopK::new(k);
    (0..).zip(scores).for_each(|(ix, &score)| top.push(ix, score));
    let mut naive: Vec<(u32, f32)> = (0..).zip(scores.iter().copied()).collect();
    naive.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    naive.truncate(k);
    let bits = |list: Vec<(u32, f32)>| -> Vec<(u32, u32)> {
        list.into_iter().map(|(ix, score)| (ix, score.to_bits())).collect()
    };
    assert_eq!(bits(top.into_sorted()), bits(naive), "the best {k} of {scores:?}");
}
