#!/usr/bin/env python3
"""One piece of work through OpenVINO GenAI, timed by its own metrics.

    openvino_work.py --model FOLDER --work prefill:512 --work decode:16:48

FOLDER is a converted model (`optimum-cli export openvino --weight-format int8 ...`); newer versions
read some GGUF files as they are. Prints one JSON object for each piece of work.
"""

import json
import random

import numpy
import openvino
import openvino_genai

import peer_arguments


def main():
    arguments = peer_arguments.parse(__doc__)
    pipeline = openvino_genai.LLMPipeline(
        arguments.model, "CPU", INFERENCE_NUM_THREADS=arguments.threads)
    random.seed(7)
    for work in arguments.work:
        kind, *numbers = work.split(":")
        numbers = [int(number) for number in numbers]
        sequences, length = (1, numbers[0]) if kind == "prefill" else (numbers[0], arguments.prompt)
        steps = 1 if kind == "prefill" else numbers[1] + 1
        settings = openvino_genai.GenerationConfig()
        settings.max_new_tokens = steps
        settings.ignore_eos = True
        settings.do_sample = False
        rates = []
        for repetition in range(arguments.repetitions + 1):
            ids = numpy.array([[random.randrange(1000, 50000) for _ in range(length)]
                               for _ in range(sequences)], dtype=numpy.int64)
            inputs = openvino_genai.TokenizedInputs(
                openvino.Tensor(ids), openvino.Tensor(numpy.ones_like(ids)))
            metrics = pipeline.generate(inputs, settings).perf_metrics
            if kind == "prefill":
                rate = length / metrics.get_ttft().mean * 1e3
            else:
                rate = sequences / metrics.get_tpot().mean * 1e3
            if repetition > 0:
                rates.append(rate)
        print(json.dumps({"work": work, "tokens_per_s": rates, "threads": arguments.threads}),
              flush=True)


main()
