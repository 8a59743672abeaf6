#![no_main]

mercer_libfuzzer::door!("rules");
