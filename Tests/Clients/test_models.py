import openai

from support import ClientTestCase


class Models(ClientTestCase):
    def test_the_list_names_the_model_and_its_context(self):
        models = list(self.openai.models.list())
        self.assertEqual(len(models), 1)
        self.assertEqual(models[0].object, "model")
        self.assertGreater(models[0].max_model_len, 0)

    def test_a_model_is_retrieved_by_its_name(self):
        self.assertEqual(self.openai.models.retrieve(self.model).id, self.model)

    def test_another_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError):
            self.openai.models.retrieve("another")
