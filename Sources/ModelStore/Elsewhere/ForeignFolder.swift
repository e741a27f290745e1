import Foundation

/// A folder of another program's, read within bounds: nothing is written or locked, and a link that
/// leads out of it is not followed.
struct ForeignFolder {
    /// The folder, without links in its path.
    let root: String

    /// Whether a folder may be there that this person may not read.
    static func isBarred(_ path: String) -> Bool {
        do {
            _ = try FileManager.default.contentsOfDirectory(atPath: path)
            return false
        } catch {
            return SystemReason.number(of: error) == POSIXErrorCode.EACCES.rawValue
        }
    }

    /// Nil where there is no such folder.
    init?(_ path: String) {
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: real)[.type]
        guard type as? FileAttributeType == .typeDirectory else { return nil }
        root = real
    }

    /// The names in a folder below, in order; none where it cannot be read or leads out.
    func names(in folder: String = "") -> [String] {
        guard let path = real(folder),
            let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        else { return [] }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The files below a folder, by their paths in this one.
    struct Files {
        /// What can be read.
        var regular: [String] = []
        /// What can not: links that lead out of the folder or to nothing, devices.
        var others: [String] = []
    }

    /// Every file below a folder.
    ///
    /// - Parameter depth: folders that are gone down into.
    func files(in folder: String = "", depth: Int) -> Files {
        var found = Files()
        var open = [(folder, depth)]
        var entries = 0
        while let (folder, depth) = open.popLast() {
            for name in names(in: folder) {
                entries += 1
                guard entries <= ModelStoreLimits.foreignEntries else { return found }
                let path = folder.isEmpty ? name : folder + "/" + name
                switch type(of: path) {
                case .some(.typeRegular): found.regular.append(path)
                case .some(.typeDirectory):
                    // A link to a folder may lead in a circle.
                    if depth > 0, !isLink(path) { open.append((path, depth - 1)) }
                default: found.others.append(path)
                }
            }
        }
        found.regular.sort()
        return found
    }

    /// Where a path of this folder really lies; nil where that is not below the folder.
    func real(_ path: String) -> String? {
        let full = path.isEmpty ? root : root + "/" + path
        let real = URL(fileURLWithPath: full).resolvingSymlinksInPath().path
        return real == root || real.hasPrefix(root + "/") ? real : nil
    }

    /// Bytes of a regular file; nil where there is none, or it lies elsewhere.
    func byteCount(of path: String) -> Int? {
        guard let real = real(path), type(of: path) == .typeRegular else { return nil }
        return ModelStore.byteCount(of: real)
    }

    /// All of a small file; nil where there is none, or it is larger.
    func contents(of path: String, atMost limit: Int) -> Data? {
        guard let real = real(path), let count = byteCount(of: path), count <= limit,
            let file = FileHandle(forReadingAtPath: real),
            let data = try? file.read(upToCount: limit)
        else { return nil }
        return data
    }

    private func type(of path: String) -> FileAttributeType? {
        guard let real = real(path) else { return nil }
        return try? FileManager.default.attributesOfItem(atPath: real)[.type] as? FileAttributeType
    }

    private func isLink(_ path: String) -> Bool {
        let full = root + "/" + path
        let type = try? FileManager.default.attributesOfItem(atPath: full)[.type]
        return type as? FileAttributeType == .typeSymbolicLink
    }
}

/// A model's files by the names that belong together.
private struct Split: Hashable, Comparable {
    let stem: String
    let count: Int

    static func < (left: Split, right: Split) -> Bool {
        (left.stem, left.count) < (right.stem, right.count)
    }
}

extension ForeignModels {
    /// Adds the GGUF files of a folder, the parts of split ones together.
    ///
    /// - Parameters:
    ///   - files: paths in the folder.
    ///   - owner: what the files belong to, as `owner/repository`, for a path in the folder.
    mutating func add(
        _ files: ForeignFolder.Files, of folder: ForeignFolder, keeper: ForeignModel.Keeper,
        owner: (String) -> String
    ) {
        for path in files.others where path.lowercased().hasSuffix(".gguf") {
            skip("\(folder.root)/\(path)", "it leads to no file in that folder")
        }
        // A file of its own is the only part of it; the parts of two splits are two models.
        var models: [Split: [(index: Int, path: String)]] = [:]
        for path in files.regular where path.lowercased().hasSuffix(".gguf") {
            let stem = String(path.dropLast(5))
            let name = SplitFileName(stem: stem)
            let split = Split(stem: name?.base ?? stem, count: name?.count ?? 1)
            models[split, default: []].append((name?.index ?? 1, path))
        }
        for (split, parts) in models.sorted(by: { $0.key < $1.key }) {
            let stem = split.stem
            let name = stem.split(separator: "/").last.map(String.init) ?? stem
            // The part of a model that sees, which is no model of its own.
            guard !name.lowercased().hasPrefix("mmproj") else { continue }
            let first = parts.min { $0.index < $1.index }
            guard let first, parts.count == split.count else {
                skip("\(folder.root)/\(stem)", "not all of its parts are there")
                continue
            }
            let owner = owner(first.path)
            add(
                ForeignModel(
                    keeper, short: name, others: owner.isEmpty ? [] : ["\(owner)/\(name)"],
                    // The name in the folder: other parts lie beside it by theirs.
                    path: folder.root + "/" + first.path,
                    byteCount: parts.reduce(0) { $0 + (folder.byteCount(of: $1.path) ?? 0) }))
        }
    }

    mutating func add(_ model: ForeignModel) {
        guard models.count < ModelStoreLimits.foreignModels else { return }
        models.append(model)
    }
}
