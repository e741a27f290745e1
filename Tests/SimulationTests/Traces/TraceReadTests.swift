import Testing

@testable import Simulation

struct TraceReadTests {
    private func read(
        _ text: String, format: TraceFormat? = nil, texts: Trace.TextOptions = .init()
    ) throws -> Trace {
        try Trace.read(Array(text.utf8), name: "test", format: format, texts: texts)
    }

    private let head = "arrived_at,prompt_tokens,output_tokens\n"

    private func message(_ text: String, format: TraceFormat? = nil) -> String {
        do {
            let trace = try read(text, format: format)
            return "read \(trace.requests.count) requests"
        } catch {
            return "\(error)"
        }
    }

    @Test func `Azure's dates become times from the first request on`() throws {
        let trace = try read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens\r
            2023-11-16 18:15:46.6805900,374,44\r
            2023-11-16 18:15:50.9951690,396,109\r

            2023-11-17 00:00:00+00:00,1,2
            """)
        #expect(trace.requests.map(\.promptTokens) == [374, 396, 1])
        #expect(trace.requests.map(\.outputTokens) == [44, 109, 2])
        #expect(trace.requests[0].arrival == .zero)
        #expect(trace.requests[1].arrival == .milliseconds(4314) + .microseconds(579))
        #expect(trace.requests[2].arrival == .seconds(20653) + .microseconds(319_410))
    }

    @Test func `dates across months, leap days and zones are counted right`() throws {
        func gap(_ first: String, _ second: String) throws -> Duration {
            let head = "arrived_at,prompt_tokens,output_tokens\n"
            return try read("\(head)\(first),1,1\n\(second),1,1\n").requests[1].arrival
        }
        #expect(try gap("2024-02-28 23:59:59", "2024-03-01 00:00:00") == .seconds(86_401))
        #expect(try gap("2023-02-28 23:59:59", "2023-03-01 00:00:00") == .seconds(1))
        #expect(try gap("1999-12-31 00:00:00", "2000-12-31 00:00:00") == .seconds(366 * 86_400))
        #expect(try gap("2024-05-10T10:00:00+02:00", "2024-05-10T08:00:01Z") == .seconds(1))
        #expect(try gap("2024-05-10 10:00:00-01:30", "2024-05-10 11:30:02Z") == .seconds(2))
    }

    @Test func `BurstGPT, the arena and the simplest table are known by their columns`() throws {
        let burst = try read(
            """
            Timestamp,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
            5,1.5,ChatGPT,472,18,490,Conversation log
            45.5,2,GPT-4,1087,0,1087,"Conversation, log"
            """)
        #expect(burst.requests.map(\.promptTokens) == [472, 1087])
        #expect(burst.requests[1].arrival == .milliseconds(40_500))
        let arena = try read(
            "req_time_s,client,input_tokens,output_tokens\n0.0,a,13,199\n0.25,b,36,137\n")
        #expect(arena.requests.map(\.tenant) == ["a", "b"])
        let generic = try read(
            "tenant,arrived_at,output_tokens,prompt_tokens\nme,2.0,7,9\n,3.5,8,10.0\n")
        #expect(generic.requests.map(\.tenant) == ["me", nil])
        #expect(generic.requests[1].promptTokens == 10)
        #expect(generic.requests[1].arrival == .milliseconds(1500))
    }

    @Test func `lengths need no times, and no head`() throws {
        let named = try read(
            "num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio\n74,918,992,0.08\n")
        #expect(named.requests == [TraceRequest(promptTokens: 74, outputTokens: 918)])
        #expect(try read("5, 6\n7,8\n").requests.map(\.outputTokens) == [6, 8])
        #expect(try read("\u{FEFF}5,6\n").requests[0].promptTokens == 5)
    }

    @Test func `Mooncake's blocks are 512 tokens and its times milliseconds`() throws {
        let trace = try read(
            """
            {"timestamp": 10, "input_length": 600, "output_length": 5, "hash_ids": [0, 1]}
            {"timestamp": 2010, "input_length": 512, "output_length": 1, "hash_ids": [0]}
            {"hash_ids": [0, 7], "output_length": 0}
            """, format: .mooncake)
        #expect(trace.tokensPerBlock == 512)
        #expect(trace.requests.map(\.blocks) == [[0, 1], [0], [0, 7]])
        #expect(trace.requests[1].arrival - trace.requests[0].arrival == .seconds(2))
        #expect(trace.requests[2].promptTokens == 1024)
    }

    @Test func `Qwen's blocks are 16 tokens and its times seconds`() throws {
        let trace = try read(
            """
            {"chat_id": 1, "parent_chat_id": -1, "timestamp": 0.5, "input_length": 33, \
            "output_length": 5, "type": "text", "turn": 1, "hash_ids": [9, 8, 7]}
            {"chat_id": 2, "parent_chat_id": 1, "timestamp": 61.25, "input_length": 48, \
            "output_length": 9, "type": "search", "turn": 2, "hash_ids": [9, 8, 6]}
            """)
        #expect(trace.tokensPerBlock == 16)
        #expect(trace.requests.map(\.tenant) == ["text", "search"])
        #expect(trace.requests[1].arrival == .seconds(60.75))
    }

    @Test func `texts are counted by who knows the tokenizer`() throws {
        let texts = Trace.TextOptions(
            tokens: { $0.split(separator: " ").count }, outputTokens: 20)
        let bench = try read(
            "{\"prompt\": \"a b c\", \"output_tokens\": 7}\n{\"prompt\": \"a\"}\n", texts: texts)
        #expect(bench.requests.map(\.promptTokens) == [3, 1])
        #expect(bench.requests.map(\.outputTokens) == [7, 20])
        let batch = try read(
            """
            {"custom_id": "1", "url": "/v1/chat/completions", "body": {"messages": \
            [{"role": "user", "content": "one two"}, {"role": "user", "content": \
            [{"type": "text", "text": "three"}]}], "max_tokens": 11}}
            {"custom_id": "2", "body": {"prompt": [1, 2, 3], "max_tokens": 4}}
            """, texts: texts)
        #expect(batch.requests.map(\.promptTokens) == [11, 3])
        #expect(batch.requests.map(\.outputTokens) == [11, 4])
        #expect(message("{\"prompt\": \"a\"}").hasPrefix("line 1: the prompt is a text"))
    }

    @Test func `a prompt of token ids needs no tokenizer`() throws {
        let line = #"{"body": {"prompt": [1, 2, 3], "max_tokens": 4}}"#
        #expect(try read(line).requests == [TraceRequest(promptTokens: 3, outputTokens: 4)])
    }

    @Test func `an answer whose length nobody says is none of 0 tokens`() throws {
        let line = #"{"hash_ids": [0, 7], "input_length": 600}"#
        #expect(
            message(line)
                == "line 1: it does not say how long the answer is; give --output-tokens N")
        let texts = Trace.TextOptions(outputTokens: 9)
        #expect(try read(line, texts: texts).requests.map(\.outputTokens) == [9])
    }

    @Test func `a column of times by another name is not passed over`() throws {
        for name in ["time", "Timestamp", "arrival_time", "date"] {
            let message = message("\(name),prompt_tokens,output_tokens\n0,1,2\n")
            #expect(message.hasPrefix("line 1: the column \"\(name.lowercased())\""))
            #expect(message.contains("called arrived_at"))
        }
        let named = try read("arrived_at,num_prefill_tokens,num_decode_tokens\n1,2,3\n2,4,5\n")
        #expect(named.requests.map(\.arrival) == [.zero, .seconds(1)])
    }

    @Test func `times that no clock of nanoseconds counts are refused`() {
        #expect(message(head + "0,1,1\n2e11,1,1\n").contains("write times in seconds"))
        let lines = [0, 9e14].map {
            #"{"timestamp": \#($0), "output_length": 1, "hash_ids": [1]}"#
        }
        #expect(message(lines.joined(separator: "\n")).contains("write times in milliseconds"))
        #expect(message(head + "0,1,1\n9e8,1,1\n") == "read 2 requests")
    }

    @Test func `counts beyond any prompt are refused before anything is added to them`() {
        let most = Int.max
        #expect(
            message(#"{"input_length": \#(most), "output_length": 1, "hash_ids": [1]}"#)
                .hasPrefix("line 1: \"input_length\" is no whole number from 0 to "))
        #expect(
            message(#"{"output_length": \#(most), "hash_ids": [1]}"#).hasPrefix("line 1: "))
    }

    @Test func `a bad row is told with its line`() throws {
        #expect(message("") == "the trace is empty")
        #expect(message(head) == "the trace has a head and no request")
        #expect(message("what is this\n").hasPrefix("line 1: this is none of the known traces"))
        #expect(message(head + "0,1,2\n1,2\n") == "line 3: 2 columns, at least 3 are needed")
        #expect(
            message(head + "\n0,1,many\n")
                == "line 3: the answer is \"many\", which is no whole number")
        #expect(message(head + "0,-1,2\n").hasPrefix("line 2: -1 tokens"))
        #expect(message(head + "noon,1,2\n").hasPrefix("line 2: the time is \"noon\""))
        #expect(message(head + "inf,1,2\n").hasPrefix("line 2: the time is \"inf\""))
        #expect(message(head + "0,1,\"2\n") == "line 2: a quote does not end")
        #expect(message("{\"hash_ids\": [1]\n").hasPrefix("line 1: "))
        #expect(message("{\"hash_ids\": [1, -2]}").contains("whole numbers from 0"))
        #expect(
            message("{\"input_length\": 512, \"hash_ids\": [1, 2]}")
                == "line 1: 2 blocks of 512 tokens cannot be a prompt of 512")
        #expect(message("a,b\n", format: .azure).contains("timestamp,contexttokens"))
    }

    @Test func `the order of the file is kept, and sorted when asked`() throws {
        let trace = try read(
            "arrived_at,prompt_tokens,output_tokens\n5,1,1\n3,2,1\n5,3,1\n3,4,1\n")
        #expect(trace.requests.map(\.promptTokens) == [1, 2, 3, 4])
        #expect(trace.requests.map(\.arrival) == [2, 0, 2, 0].map { .seconds($0) })
        #expect(trace.inOrderOfArrival.requests.map(\.promptTokens) == [2, 4, 1, 3])
    }
}
