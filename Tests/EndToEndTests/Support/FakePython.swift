import Foundation

/// A `python3` that "downloads" the demo model, whatever the package.
enum FakePython {
    /// Puts it into a folder, which is to come first in `PATH`.
    static func install(in folder: ScratchFolder) throws {
        let script = try folder.write(
            "python3",
            """
            #!/bin/sh
            if [ "$1" = -m ]; then
                while [ "$1" != --dest ]; do shift; done
                mkdir -p "$2"; : > "$2/x.whl"
            else
                cat '\(QuireProcess.demoModel.path)'
            fi
            """)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: script.path)
    }
}
