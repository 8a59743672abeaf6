#![no_main]

mercer_libfuzzer::door!("kernels");
