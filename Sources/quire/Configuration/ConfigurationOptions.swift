import ArgumentParser

/// Where a server's settings are from.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A JSON file of settings, as {\"max_queue\": 100} (default: serve.json in $QUIRE_HOME, "
                + "$XDG_CONFIG_HOME/quire or ~/.config/quire). Options and variables such as "
                + "QUIRE_MAX_QUEUE come before it.",
            valueName: "file"),
        completion: .file())
    var config: String?

    @Flag(name: .long, help: "Print every setting and where it is from, and start nothing.")
    var printConfig = false
}
