// Written by scripts/unicode/classes.py; do not edit.

extension CharacterClassTable {
    /// The Unicode version of `runs`.
    static let unicodeVersion = "16.0.0"

    /// The classes of all scalars from 0 up as runs: a letter for the class, and the
    /// length of the run where it is not 1.
    static let runs = """
        o9w5o18wp3sp6sp4n10p2s3p2u26p3spsl26pspso6wo26wps5ps2cpsos4n2slp2sncpn3pu23su7l24sl8ulul\
        ulululululululululululululululululululululululululul2ulululululululul2ululululululululul\
        ululululululululululululululu2lulul3u2lulu2lu3l2u4lu2lu3l3u2lu2lululu2lul2ulu2lu3lulu2l2\
        cul3c4u2lu2lu2lulululululululul2ululululululululul2u2lulu3lululululululululululululululu\
        lulululululululululululululul7u2lu2l2ulu4lulululul69cl27c18s4c12s14c5s7cscs17m112ululcsu\
        lo2cl3puo4s2upu3ouou2lu17ou9l35ul2u3l3ulululululululululululul5ulsulu2l2u51l48ululululul\
        ululululululululululululsm7ulululululululululululululululululululululululululululu2lulul\
        ulululul2ulululululululululululululululululululululululululululululululululululululululu\
        lululululululululou38o2cp6l41p2o2s3om45pmpm2pm2pmo8c27o4c4p2o17s3p2sp2s2m11pop3c43m21n10\
        p4c2mc99pcm7osm6c2m2sm4c2n10c3s2cp14o2cmc30m27o2c89m11co14n10c33m9c2sp3co2ms2c22m4cm9cm3\
        cm5o2p15oc25m3o2poc11o5c24sc6o8m9c42m24om33c54m3cm18cm7c10m2p2n10pc16m3oc8o2c2o2c22oc7oc\
        o3c4o2mcm7o2m2o2m3co8mo4c2oc3m2o2n10c2s2n6s2cpmo2m3oc6o4c2o2c22oc7oc2oc2oc2o2mom5o4m2o2m\
        3o3mo7c4oco7n10m2c3mpo10m3oc9oc3oc22oc7oc2oc5o2mcm8om3om3o2co15c2m2o2n10pso7cm6om3oc8o2c\
        2o2c22oc7oc2oc5o2mcm7o2m2o2m3o7m3o4c2oc3m2o2n10scn6o10mcoc6o3c3oc4o3c2ococ2o3c2o3c3o3c12\
        o4m5o3m3om4o2co6mo14n13s8o5m5c8oc3oc23oc16o2mcm7om3om4o7m2oc3o2co2c2m2o2n10o7pn7scm3pc8o\
        c3oc23oc10oc5o2mcm7om3om4o7m2o6c2oc2m2o2n10oc2mo12m4c9oc3oc41m2cm7om3om4cso4c3mn7c3m2o2n\
        19sc6om3oc18o3c24oc9oco2c7o3mo4m6omom8o6n10o2m2po12c48mc2m7o4sc7m8pn10p2o37c2ococ5oc24oc\
        oc10mc2m9co2c5ocom7on10o2c4o32cs3p15sps3m2s6n20smsmsmp4m2c8oc36o4m20pm2c5m11om36os8ms6os\
        2p5s4p2o37c43m20cn10p6c6m4c4m3cm3c2m7c3m4c13m12cmn10m4s2u38ouo5uo2l43pcl3c329oc4o2c7ococ\
        4o2c41oc4o2c33oc4o2c7ococ4o2c15oc57oc4o2c67o2m3p9n20o3c16s10o6u86o2l6o2pc620spc17wc26p2o\
        3c75p3n3c8o7c18m4o9c19m3p2o9c18m2o12c13oc3om2o12c52m32p3cp3scmo2n10o6n10o6p11m3omn10o6c8\
        9o7c5m2c34mco5c70o10c31om12o4m12o4so3p2n10c30o2c5o11c44o4c26o6n11o3s34c23m5o2p2c53m10om2\
        9o2mn10o6n10o6p7cp6o2m31o49m5c47m17c8op2n10p7s10m9s9p3m3c30m13c2n10c44m14o8p4c36m20o3p5n\
        10o3c3n10c36p2l9ulo5u43o2u3p8o8m3pm21c4mc6mc2m3co5l44c63l13cl34c37m64ulululululululululu\
        lulululululululululululululululululululululululululululululululululululululululululululu\
        lululululululululululululululululululululul9ulululululululululululululululululululululul\
        ululululululululululululululululululululululululululul9u8l6o2u6o2l8u8l8u8l6o2u6o2l8ououo\
        uoul8u8l14o2l8u8l8u8l8u8l5ol2u5sls3l3ol2u5s3l4o2l2u4os3l8u5s3o2l3ol2u5s2ow11o5p24w2o5wp2\
        0sp13sp12wo16nco2n6s3p2cn10s3p2oc13o3s33o15m33o15s2us4us2lu3l2u3lsus3u5s6usususu4slu4lc4\
        ls2l2u2s5ul4s4lsn51uln5s2o4s376p4s29p2s255o22s11o21n60s78n22s616p14n30s49p2s31p10s403p22\
        s63p4s32p2s374o2s32os105u48l48ulu3l2ulululu4lul2ul6c2u3lulululululululululululululululul\
        ululululululululululululululululululululululululululululululululul2s6ululm3ulo5p4np2l38o\
        lo5lo2c56o7cpo14mc23o9c7oc7oc7oc7oc7oc7oc7oc7om32p47cp32s2p12o34s26os89o12s214o26s16wp3s\
        c2np10s2p12sn9m6pc5s2n3c2ps2oc86o2m2s2c3pc90pc4o5c43oc94os2n4s10c32s38o9sc16s31on10s30n8\
        sn15s32n10s39n15s320c6592s64c22157o3s55o9c46p2c269p3c16n10c2o20ululululululululululululu\
        lululululululululululcm4pm10pcululululululululululululululc2m2c70n10m2p6o8s23c9s2ulululu\
        lululul3ulululululululululululululululululululululululululululululululcl8ululu2lulululul\
        cs2ululculul3ululululululululululu5lu5lulululululululu4lulu2lo2ulololulululuo21c3ulc3lc7\
        mc3mc4mc23m5s4mo3n6s4o6c52p4o8m2c50m18o8p2n10o6m18c6p3cpc2mn10c28m8p2c23m13o11pc29o3m4c4\
        7m14p13ocn10o4p2c5mc10n10c5oc41m14o9c3mc8m2o2n10o2p4c23s3cm3c50mcm3c2m2c5m2cmco24c3p2c11\
        m5p2c3m2o10c6o2c6o2c6o9c7oc7ol43sc4l9cs2o4l80c35m8pm2o2n10o6c11172o12c23o4c49o8452c366o2\
        c106o38l7o12l5o5cmc10sc13oc5ococ2oc2oc108s17o16c363p2s16c64o2c54o7so32c12s4m16p10o6m16p3\
        5op14sps3opsp2o4c5oc135o4p3sp6sp4n10p2s3p2u26p3spsl26pspsp7c89o3c6o2c6o2c6o2c3o3s7os7o13\
        s2o2c12oc26oc19oc2oc15o2c14o34c123o5p3o4n45o3s9n57s17n2s3os13o3so47s45mo130c29o3c49o15mn\
        27o4c32n4o9c20nc8no5c38m5o5c30opc36o4c8pn5o42u40l40c78o2n10o6u36o4l36o4c40o8c52o11pu11ou\
        15ou7ou2ol11ol15ol7ol2o3c52o12c311o9c22o10c8o24c6oc42oc9o69c6o2coc44oc2o3co2c23opn8c23s2\
        n7c31o8n9o48c19oc2o5n5c22n6o3pc26o5po64c56o4n2c2n16o2n46cm3om2o5m4c4oc3oc29o2m3o4mn9o7p9\
        o7c29n2pc29n3o32c8sc28m2o4n5p7o9c54o3p7c22o2n8c19o5n8c18o7p4o12n7o80c73o55u51o13l51o7n6c\
        36m4o8n10o6n10c6u22o3m5pcl22o8s2o208n31oc42om2po2c2o16c3o55m4c29n10co8c22m11n4p5o22c18m4\
        p4o38c21n7o20c23o9m3c53m15p7o4n30mc2m2co9m4c45m11p2op4mo13c25o7n10o6m3c36m14on10p4cm2co8\
        c35mp2co9m3c48m14c4p4m4pm2n10cpcp3on20o11c18oc25m12p6mc2mo62c7ococ4oc15oc10po6c47m12o5n1\
        0o6m4oc8o2c2o2c22oc7oc2oc5om2cm7o2m2o2m3o2co6mo5c5m2o2m7o3m5o11c10oco2coc38ocm9omo2mom4o\
        m5cmcp2op2o8m2o29c53m18c4p5n10p2opmc3o30c48m20c2pco8n10o166c47m7o2m9p23c4m2o34c48m17p3co\
        11n10o6p13o19c43m13cpo6n10o6n20o28c27o2m15o4n12p3sc7o185c44m15po100u32l32n19o12c8o2co2c8\
        oc2oc24m6om2o2m4cmcm2p3o9n10o70c8o2c39m7o2m7cpcmo27cm10c40m7cm4p8mo8cm11c46m16p3cp5o13c7\
        3o7p10o182c33po14n10o6c9oc37m8om8cp5o10n29o3p2c30o2m22om14o73c7oc2oc38m6o3mom2om7cmo8n10\
        o6c6oc2oc32m5om2om5co7n10o310c19m4p2o7m2cmc13oc34m7o3m5p13n10mo85co15n21s29o13pc922o102n\
        111op5o11c196o2636c97p2o13c1072o16mc6m15o10c3995o5c583o6841c30m18n10o1734c569o7c31on10o4\
        p2c79on10o6c30o2m5po10c48m7p5s4c4pso10n10on7oc21o5c19o432c45p3n10o198u32l32n23p4o101c75o\
        4mcm55o7m4c13o64c2pcmo11m2o14c6136o8c1238o41c10o8935c4oc7oc2oc291o15co29c3o2co14c4o8c396\
        o2308c107o5c13o3c9o7c10o2sm2po3936s240n10o6s436o76m46o2m23o9s116o60s246o10s39o2s60m5s3m6\
        o8m8s2m7s30m4s61o21s66m3so122n20o12n20o12s87o9n25o135u26l26u26l7ol18u26l26uou2o2uo2u2o2u\
        4ou8l4olol7ol11u26l26u2ou4o2u8ou7ol26u2ou4ou5ouo3u7ol26u26l26u26l26u26l26u26l26u26l26u26\
        l28o2u25sl25sl6u25sl25sl6u25sl25sl6u25sl25sl6u25sl25sl6ulo2n50s512m55s4m50s8ms14ms2p5o15\
        m5om15o1104l10cl20o6l6o213m7om17o2m7om2om5o5c62o33mo112c45o3m7c7o2n10o4cso320c30mo17c44m\
        4n10o5so464c28m4n10o214c30m2cn10o4po480c7oc4oc2oc15oc197o2n9m7o41u34l34m7co4n10o4p2o785n\
        59sn3sn4o76n45sn15o194c4oc27oc2oco2coc10oc4ococo6co4cocococ3oc2oco2cocococococ2oco2c4oc7\
        oc4oc4ococ10oc17o5c3oc5oc17o52s2o270s44o4s100o12s15o2s15os15os37o10n13s161o56s29o13s44o4\
        s9o7s2o14s6o154s984o4s17o3s13o3s119o4s95o6s12o4so15s12o4s56o8s10o6s40o8s30o2s12o4s2o62s3\
        40o12s14o2s13o3s10o5s56o7s15o2s11o6s9o7s147os92n10o1030c42720o32c4154o6c222o2c5762o14c74\
        73o15c622o2466c542o1506c4939o5c4192o80
        """
}
