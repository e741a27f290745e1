import ArgumentParser
import Dispatch
import Foundation
import Tensors

/// The process: what has to hold before the first argument is read, and what has to be done at
/// its end, whatever the command.
@main
enum Program {
    static func main() {
        MappedFile.reportLostPages()
        StopSignals.prepare()
        StandardStreams.fillGaps()
        StandardOutput.checkAtExit()
        if let shortage = ProcessLimits.shortage() {
            Terminal.note("error: \(shortage)")
            exit(1)
        }
        // Only now: the first task makes threads and asks for descriptors, and where there are
        // none the system's library ends the process without a word. Detached, or it would wait for
        // this thread.
        Task.detached {
            do {
                await Quire.main(try Arguments.given())
            } catch {
                Terminal.note("error: \(error)")
                exit(64)
            }
            exit(0)
        }
        // Unblocks every signal: if the parent process had them blocked, no other thread would get
        // any.
        dispatchMain()
    }
}
