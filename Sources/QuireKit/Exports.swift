// What a program that embeds the engine uses, under one import. Of these modules only what is
// `public` is seen; the rest of the house stays inside.
@_exported public import KVCache
@_exported public import ModelFiles
@_exported public import QuireEngine
@_exported public import QuireIdentifiers
@_exported public import QuireModels
@_exported public import Scheduling
@_exported public import Tokenization
