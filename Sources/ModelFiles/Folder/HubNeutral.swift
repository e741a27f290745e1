/// Keys of `config.json` that change nothing of what a model computes here, whatever they say.
///
/// What is in neither list, and in no family's, counts as changing the arithmetic.
enum HubNeutral {
    /// Whether a key is one of them.
    static func contains(_ key: String) -> Bool {
        keys.contains(key) || key.hasPrefix("_")
    }

    private static let keys: Set<String> = [
        // Which program made and runs it. `auto_map` names code, which is never run here.
        "architectures", "auto_map", "transformers_version", "torch_dtype", "dtype", "use_cache",
        "model_type", "cache_implementation", "unsloth_version", "unsloth_fixed",
        "torchscript", "use_bfloat16", "output_attentions", "output_hidden_states", "return_dict",
        // Training.
        "initializer_range", "attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop",
        "attn_pdrop", "mlp_dropout", "residual_dropout", "gradient_checkpointing",
        // The order of additions in Megatron's splits.
        "pretraining_tp",
        // Ids of tokens: the tokenizer and `generation_config.json` say what they are.
        "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id",
        "decoder_start_token_id",
        // Whether there are biases is what the tensors say, each of which is read.
        "attention_bias", "mlp_bias", "qkv_bias", "attention_out_bias", "attention_in_bias",
        // Labels of other tasks.
        "id2label", "label2id", "problem_type", "finetuning_task", "task_specific_params",
        // The parts that see, and the tokens that stand for what they saw.
        "vision_config", "image_token_index", "image_token_id", "boi_token_index",
        "eoi_token_index", "boi_token_id", "eoi_token_id", "mm_tokens_per_image",
    ]
}
