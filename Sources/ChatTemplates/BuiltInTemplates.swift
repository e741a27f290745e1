/// Chat templates by name, for models whose files have none.
///
/// Each writes what the models of its family were trained on. A role that a family does not know
/// is refused, so that `TemplateCapabilities` finds it out and `FoldedConversation` says it
/// otherwise.
package enum BuiltInTemplates {
    /// Their names, sorted.
    package static var names: [String] { sources.keys.sorted() }

    /// The source of a template; nil: there is none of that name.
    package static func source(_ name: String) -> String? { sources[name.lowercased()] }

    private static let sources: [String: String] = [
        "chatml": chatML, "gemma": gemma, "llama2": llama2, "llama3": llama3, "mistral": mistral,
        "phi3": phi3, "zephyr": zephyr,
    ]

    /// Refuses other roles than those.
    private static func only(_ roles: String) -> String {
        "{% if message.role not in [\(roles)] %}"
            + "{{ raise_exception('there is no role ' ~ message.role) }}{% endif %}"
    }

    private static let allRoles = only("'system', 'user', 'assistant'")

    /// Refuses a conversation in which user and assistant do not take turns.
    private static let turns =
        only("'user', 'assistant'")
        + "{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}"
        + "{{ raise_exception('user and assistant take turns') }}{% endif %}"

    private static let chatML =
        "{% for message in messages %}\(allRoles)"
        + "<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"

    private static let gemma =
        "{{ bos_token }}{% for message in messages %}\(turns)"
        + "<start_of_turn>{{ 'model' if message.role == 'assistant' else 'user' }}\n"
        + "{{ message.content | trim }}<end_of_turn>\n{% endfor %}"
        + "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"

    /// The system's words stand in the first message of the user.
    private static let llama2 =
        "{% set system = '' %}{% set rest = messages %}"
        + "{% if messages and messages[0].role == 'system' %}"
        + "{% set system = '<<SYS>>\n' ~ messages[0].content ~ '\n<</SYS>>\n\n' %}"
        + "{% set rest = messages[1:] %}{% endif %}"
        + "{% for message in rest %}\(turns)"
        + "{% if message.role == 'user' %}{{ bos_token }}[INST] "
        + "{% if loop.first %}{{ system }}{% endif %}{{ message.content | trim }} [/INST]"
        + "{% else %} {{ message.content | trim }} {{ eos_token }}{% endif %}{% endfor %}"

    private static let llama3 =
        "{{ bos_token }}{% for message in messages %}\(allRoles)"
        + "<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n"
        + "{{ message.content | trim }}<|eot_id|>{% endfor %}{% if add_generation_prompt %}"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"

    private static let mistral =
        "{{ bos_token }}{% for message in messages %}\(turns)"
        + "{% if message.role == 'user' %}[INST] {{ message.content | trim }} [/INST]"
        + "{% else %} {{ message.content | trim }}{{ eos_token }}{% endif %}{% endfor %}"

    /// Every marker is spelt out: they are tokens of their own.
    private static let phi3 =
        "{% for message in messages %}\(allRoles)"
        + "{% if message.role == 'system' %}<|system|>{% elif message.role == 'user' %}<|user|>"
        + "{% else %}<|assistant|>{% endif %}{{ '\n' }}{{ message.content }}<|end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"

    private static let zephyr =
        "{% for message in messages %}\(allRoles)"
        + "<|{{ message.role }}|>\n{{ message.content }}{{ eos_token }}\n{% endfor %}"
        + "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
}
