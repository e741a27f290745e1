import ChatTemplates
import QuireJSON

/// Tools of the Messages interface that have a type instead of a schema and that the client runs:
/// the interface's documentation says what their arguments are.
enum ClientTools {
    /// The types.
    static let types = [
        "bash_20241022", "bash_20250124", "text_editor_20241022", "text_editor_20250124",
        "text_editor_20250429", "text_editor_20250728",
    ]

    /// The tool of a type; nil: it needs more than text, or a service that runs it.
    static func definition(of type: String) -> ToolDefinition? {
        switch type {
        case "bash_20241022", "bash_20250124": bash
        case "text_editor_20241022", "text_editor_20250124":
            editor("str_replace_editor", undoes: true)
        case "text_editor_20250429", "text_editor_20250728":
            editor("str_replace_based_edit_tool", undoes: false)
        default: nil
        }
    }

    private static let bash = ToolDefinition(
        name: "bash",
        description: "Runs a command in a bash session that keeps its state between calls.",
        parameters: [
            "type": "object",
            "properties": [
                "command": ["type": "string", "description": "The command to run."],
                "restart": [
                    "type": "boolean", "description": "Starts the session anew, without a command.",
                ],
            ],
        ])

    private static func editor(_ name: String, undoes: Bool) -> ToolDefinition {
        let commands: [JSONValue] =
            ["view", "create", "str_replace", "insert"] + (undoes ? ["undo_edit"] : [])
        return ToolDefinition(
            name: name, description: "Views, creates and edits files of text.",
            parameters: [
                "type": "object",
                "properties": [
                    "command": ["type": "string", "enum": .array(commands)],
                    "path": ["type": "string", "description": "Of the file or folder."],
                    "view_range": [
                        "type": "array", "items": ["type": "integer"],
                        "description": "For view: the first and the last line, -1 for the end.",
                    ],
                    "file_text": [
                        "type": "string", "description": "For create: all that the file holds.",
                    ],
                    "old_str": [
                        "type": "string",
                        "description": "For str_replace: the text to replace; it must occur once.",
                    ],
                    "new_str": [
                        "type": "string", "description": "For str_replace: what takes its place.",
                    ],
                    "insert_line": [
                        "type": "integer",
                        "description":
                            "For insert: the line after which the text goes; 0: the start.",
                    ],
                    "insert_text": ["type": "string", "description": "For insert: the text."],
                ],
                "required": ["command", "path"],
            ])
    }
}
