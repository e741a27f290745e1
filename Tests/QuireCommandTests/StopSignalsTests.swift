import Foundation
import Testing

@testable import quire

/// What Ctrl-C, SIGTERM and SIGHUP do to work under way.
struct StopSignalsTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `the first signal is noted, and forgotten by the next work`(number: Int32) async {
        await #expect(processExitsWith: .success) { [number] in
            let flag = StopFlag()
            flag.watching {
                precondition(!flag.isRaised)
                send(number)
                precondition(flag.isRaised)
            }
            precondition(flag.isRaised)
            flag.watching { precondition(!flag.isRaised) }
            precondition(!flag.isRaised)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a second signal always ends the process`(number: Int32) async {
        await #expect(processExitsWith: .signal(number)) { [number] in
            StopFlag().watching {
                send(SIGINT)
                kill(getpid(), number)
                Thread.sleep(forTimeInterval: 60)
            }
        }
    }

    @Test func `a hang-up that was ignored at the start is ignored`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGHUP, SIG_IGN)
            let flag = StopFlag()
            flag.watching {
                kill(getpid(), SIGHUP)
                kill(getpid(), SIGHUP)
                send(SIGTERM)
            }
            kill(getpid(), SIGHUP)
        }
    }

    @Test func `a signal cancels a download`() async {
        await #expect(processExitsWith: .success) {
            let wasCancelled = try await Interrupt.cancelling {
                send(SIGTERM)
                while !Task.isCancelled { await Task.yield() }
                return true
            }
            precondition(wasCancelled)
        }
    }
}

/// Sends a signal to the process and waits until it was noted. Not `raise`: threads of a pool block
/// signals.
private func send(_ number: Int32) {
    kill(getpid(), number)
    while StopSignals.received == 0 { Thread.sleep(forTimeInterval: 0.001) }
}
