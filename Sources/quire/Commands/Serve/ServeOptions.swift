import ArgumentParser
import Foundation
import NIOSSL
import Serving

/// The options of `quire serve` that concern clients and connections.
struct ServeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The address to listen at; others than loopback's can be reached from elsewhere.",
            valueName: "host"))
    var host = "127.0.0.1"

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("The port to listen at; 0: any that is free.", valueName: "n"))
    var port = 8_000

    @Option(
        name: .long,
        help: ArgumentHelp("Listen at this socket instead of a port.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Answer only who shows this key; may be given several times. Others on this machine "
                + "can read a command line: QUIRE_API_KEY and --api-key-file are not shown.",
            valueName: "key"))
    var apiKey: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("A file of such keys, one a line.", valueName: "file"),
        completion: .file())
    var apiKeyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Let pages of this origin use the server, as https://example.org; *: of any. May be "
                + "given several times.", valueName: "origin"))
    var corsOrigin: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Answer requests for this host name too; may be given several times.",
            valueName: "name"))
    var allowedHost: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("The certificates of TLS, in PEM.", valueName: "file"),
        completion: .file())
    var tlsCert: String?

    @Option(
        name: .long, help: ArgumentHelp("The key of --tls-cert, in PEM.", valueName: "file"),
        completion: .file())
    var tlsKey: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "The time that an answer may take (default: as long as it takes).",
            valueName: "seconds"))
    var requestTimeout: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "The time that answers have to end after Ctrl-C or SIGTERM.", valueName: "seconds"))
    var shutdownTimeout = 30.0

    @Option(
        name: .long, help: ArgumentHelp("The most bytes of a request.", valueName: "size"))
    var maxBodySize: ByteCount?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Connections that are open at once.", valueName: "n"))
    var maxConnections = ServingLimits().connections

    func validate() throws {
        guard 0...65_535 ~= port else {
            throw ValidationError("--port is \(port); it must be between 0 and 65535.")
        }
        try requirePositive(maxConnections, "--max-connections")
        guard shutdownTimeout >= 0, shutdownTimeout <= Self.mostSeconds else {
            throw ValidationError(
                "--shutdown-timeout is \(shutdownTimeout); it must be between 0 and "
                    + "\(Int(Self.mostSeconds)).")
        }
        if let requestTimeout, requestTimeout <= 0 || requestTimeout > Self.mostSeconds {
            throw ValidationError(
                "--request-timeout is \(requestTimeout); it must be above 0 and at most "
                    + "\(Int(Self.mostSeconds)).")
        }
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key need each other.")
        }
    }

    /// A day.
    private static let mostSeconds = 86_400.0

    /// The choices, as the server takes them.
    ///
    /// - Throws: for files that cannot be read.
    func server() throws -> ServerOptions {
        var options = ServerOptions()
        options.address = socket.map { .socket($0) } ?? .host(host, port: port)
        options.keys = APIKeys(try keys())
        options.origins = Set(corsOrigin)
        options.hosts = Set(allowedHost)
        options.requestTime = requestTimeout.map { .seconds($0) }
        options.shutdownTime = .seconds(shutdownTimeout)
        if let maxBodySize { options.limits.bodyBytes = maxBodySize.bytes }
        options.limits.connections = maxConnections
        options.tls = try tls()
        options.version = Quire.configuration.version
        return options
    }

    /// The keys of which requests must show one.
    func keys() throws -> [String] {
        var keys = apiKey
        if let apiKeyFile {
            let bytes = try StandardStreams.bytes(file: apiKeyFile)
            let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            let found = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            guard !found.isEmpty else {
                throw ServeError("\(apiKeyFile) has no key; write one a line")
            }
            keys += found
        }
        // HTTP drops what is around a field's value: nobody could show such a key.
        for key in keys
        where key.isEmpty || key.contains(where: \.isWhitespace)
            || key.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            throw ServeError("a key must not be empty nor have blanks or control characters in it")
        }
        return keys
    }

    private func tls() throws -> TLSConfiguration? {
        guard let tlsCert, let tlsKey else { return nil }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tlsCert)
            let key = try NIOSSLPrivateKey(file: tlsKey, format: .pem)
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            // Whether they belong together is looked at when a context is made of them.
            _ = try NIOSSLContext(configuration: configuration)
            return configuration
        } catch {
            throw ServeError(
                "\(tlsCert) and \(tlsKey) are not a certificate and its key: \(error)")
        }
    }
}

/// Why a server cannot be started.
struct ServeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
