/// The bounds of the store and its downloads.
enum ModelStoreLimits {
    /// Characters of a model's name.
    static let nameLength = 96
    /// Names of models that a message lists.
    static let namesInMessage = 20
    /// Bytes of a model file: larger announcements are not believed.
    static let fileBytes = 4 << 40
    /// Bytes that stay free on the disk after a download.
    static let spareBytes = 64 << 20
    /// Hops from the first address to the file.
    static let redirects = 5
    /// Connections of one download.
    static let connections = 4
    /// Bytes of one range request of a small file; see `segmentCount` for large ones.
    static let segmentBytes = 32 << 20
    /// Range requests of one file, so that a large file does not flood its server.
    static let segmentCount = 256
    /// Bytes that may arrive before the record of a partial download is written again.
    static let recordEveryBytes = 8 << 20
    /// Failures in a row, without progress, before a request is given up.
    static let attempts = 6
    /// Failures in a row to connect before another source is tried.
    static let connectAttempts = 2
    /// Bytes that count as progress and start the count of failures again.
    static let progressBytes = 64 << 10
    /// The longest wait that a server may ask for.
    static let retryAfter = Duration.seconds(120)
    /// Times that a download starts again because the file changed on the server.
    static let restarts = 3
    /// Bytes of a reply of the hub's API.
    static let apiReplyBytes = 16 << 20
    /// Bytes of a partial download's record.
    static let recordBytes = 1 << 20
    /// Packages of one `pip:` source.
    static let packages = 64
    /// Files of one split model.
    static let splitFiles = 256
    /// Bytes of a program's error output that are kept for the message.
    static let toolOutputBytes = 4096
    /// Characters of a foreign text that a message quotes.
    static let quotedCharacters = 200
    /// Times that a lock is tried whose file another process removes at that moment.
    static let lockAttempts = 8
    /// Files and folders of another program's folder that are looked at.
    static let foreignEntries = 20_000
    /// Models of other programs.
    static let foreignModels = 2_000
    /// Of their folders, what was passed over is told this often.
    static let foreignNotes = 20
    /// Bytes of a manifest, or of settings, of another program's.
    static let manifestBytes = 1 << 20
    /// Bytes of a file that names a folder or a commit.
    static let pointerBytes = 4096
    /// Time between two looks at how much of a package has arrived.
    static let packageProgressInterval = Duration.milliseconds(200)
}
