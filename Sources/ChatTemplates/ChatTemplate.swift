/// A chat template: how a model wants a conversation written.
///
///     let template = try ChatTemplate(parsing: source)
///     let prompt = try template.render(context, now: now)
///     prompt.pieces  // the tokenizer looks for special tokens in those of the template only
///
/// Jinja2 3.1 as Hugging Face runs it: `trim_blocks`, `lstrip_blocks`, loop controls, an immutable
/// sandbox, `tojson` as `json.dumps`, `strftime_now`, `raise_exception` and `{% generation %}`.
/// Parsed once, it may render any number of conversations at once. Both are bounded in time and
/// memory by `TemplateLimits`, whatever the source.
package struct ChatTemplate: Sendable {
    private let statements: [Statement]

    /// Parses a source.
    ///
    /// - Throws: `syntax` or `unknown` with a place, and `limit` for a source too large or too
    ///   deeply nested.
    package init(parsing source: String) throws(TemplateError) {
        statements = try Parser.statements(of: source)
    }

    /// Renders a conversation.
    ///
    /// - Throws: `raised` if the template refuses it by `raise_exception`; any other code if
    ///   template and values do not fit.
    package func render(
        _ context: TemplateContext, now: TemplateDate
    ) throws(TemplateError) -> MarkedText {
        try Interpreter(now: now).render(statements, context)
    }
}
